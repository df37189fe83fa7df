package swaps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.runtime.NativeTensor;
import io.toroid.runtime.ToroidException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Swaps under load, loads, and calls that fail, thousands of each: a program of its own, whose memory is looked at. */
public class MixedLoad {

    /** Takes a directory for weight files. The heap is all there from the start, or its growth would be seen. */
    public static void main(String[] arguments) throws Exception {
        eachAnswerIsOfOneSetOfWeights(Path.of(arguments[0]));
        nothingIsLeftOfLoadsAndFailedCalls(Path.of(arguments[0]));
    }

    private static boolean isOneOf(float[][] result, float[][] one, float[][] two) {
        return Arrays.deepEquals(result, one) || Arrays.deepEquals(result, two);
    }

    private static void eachAnswerIsOfOneSetOfWeights(Path directory) throws Exception {
        Path one = MixedUse.weights(directory, 1), two = MixedUse.weights(directory, 2);
        float[][] first = MixedUse.Answers.withFile(one).projected(), second = MixedUse.Answers.withFile(two).projected();
        AtomicBoolean done = new AtomicBoolean();
        try (CompiledMixed model = CompiledMixed.load(MixedUse.options().withWeights(one)); ExecutorService threads = Executors.newFixedThreadPool(8)) {
            long[] memory = null;
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(threads.submit(() -> {
                    int count = 0;
                    for (; !done.get() || count == 0; count++) {
                        assertTrue(isOneOf(model.project(MixedUse.ROWS), first, second));
                    }
                    return count;
                }));
            }
            try {
                for (int round = 0; round < 1200; round++) {
                    model.swapWeights(round % 2 == 0 ? two : one);
                    memory = round == 200 ? memory() : memory;
                }
            } finally {
                done.set(true);
            }
            for (Future<Integer> answer : answers) {
                assertTrue(answer.get() > 0);
            }
            assertStill(memory);
        }
    }

    /** Resident KiB, and the number of mappings. */
    private static long[] memory() throws IOException {
        System.gc();
        try (Stream<String> status = Files.lines(Path.of("/proc/self/status")); Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            long resident = status.filter(line -> line.startsWith("VmRSS:")).mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
            return new long[] {resident, maps.count()};
        }
    }

    /** But for what the JVM needs to compile, which comes and goes. */
    private static void assertStill(long[] before) throws IOException {
        long[] after = memory();
        String grown = "resident %d, then %d KiB; mappings %d, then %d".formatted(before[0], after[0], before[1], after[1]);
        assertTrue(after[0] < before[0] + 48 * 1024 && after[1] < before[1] + 60, grown);
    }

    private static void nothingIsLeftOfLoadsAndFailedCalls(Path directory) throws IOException {
        Path one = MixedUse.weights(directory, 1);
        long[] before = null;
        for (int round = 0; round < 1100; round++) {
            try (CompiledMixed model = CompiledMixed.load(round % 2 == 0 ? MixedUse.options() : MixedUse.options().withWeights(one))) {
                assertEquals(5, model.project(MixedUse.ROWS).length);
            }
            before = round == 100 ? memory() : before;
        }
        assertStill(before);
        try (CompiledMixed model = CompiledMixed.load(MixedUse.options()); NativeTensor wrong = NativeTensor.of(new float[46], 2, 23);
                NativeTensor output = NativeTensor.of(new float[32], 2, 16)) {
            for (int round = 0; round < 101_000; round++) {
                assertThrows(ToroidException.class, () -> model.project(wrong, output));
                before = round == 1000 ? memory() : before;
            }
            assertStill(before);
        }
    }
}
