package io.toroid.examples.minilm;

import io.toroid.examples.benchmark.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Times calls that take turns, some at a time, so that a change of the machine's speed hits all of them. The first calls of a turn
 * are not counted: the threads of who had the turn before may still look for work, and the caches are theirs. Each round goes the
 * other way round.
 */
final class Turns {
    private static final int ROUNDS = 7;
    private static final int LEAST_CALLS = 2;
    private static final double WARM_UP = 20e3;
    private static final double TURN = 120e3;

    /** Microseconds of each call, by rounds. */
    record Times(List<Sample> rounds) {
        Sample all() {
            return Sample.of(rounds.stream().flatMapToDouble(Sample::values).toArray());
        }
    }

    private Turns() {
    }

    static List<Times> take(List<Runnable> calls) {
        List<Times> times = calls.stream().map(call -> new Times(new ArrayList<>())).toList();
        List<Integer> order = IntStream.range(0, calls.size()).boxed().toList();
        for (int round = 0; round < ROUNDS; round++) {
            for (int i : round % 2 == 0 ? order : order.reversed()) {
                turn(calls.get(i), WARM_UP, 1);
                times.get(i).rounds().add(turn(calls.get(i), TURN, LEAST_CALLS));
            }
        }
        return times;
    }

    private static Sample turn(Runnable call, double micros, int leastCalls) {
        List<Double> times = new ArrayList<>();
        for (double sum = 0; sum < micros || times.size() < leastCalls; ) {
            long start = System.nanoTime();
            call.run();
            double time = (System.nanoTime() - start) * 1e-3;
            times.add(time);
            sum += time;
        }
        return Sample.of(times.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
