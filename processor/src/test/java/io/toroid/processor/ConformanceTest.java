package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.processor.conformance.Agreement;
import io.toroid.processor.conformance.Calling;
import io.toroid.processor.conformance.ConformanceReport;
import io.toroid.processor.conformance.KnownDifferences;
import io.toroid.processor.conformance.Outcome;
import io.toroid.processor.conformance.RecordedCall;
import io.toroid.processor.conformance.Recordings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Operators give what PyTorch gave, for thousands of recorded calls: eagerly, compiled with static shapes, and compiled with every
 * dimension dynamic. It prints what failed of each overload, and last how many passed. Those that fail must be the ones of which
 * {@code docs/conformance.md} says why.
 *
 * <p>System properties: {@code toroid.conformance} is a folder with other recorded calls, of which that document says nothing;
 * {@code toroid.conformance.only} a regular expression that overloads match, and {@code toroid.conformance.ways} the ways to try,
 * separated by commas. Of the calls in our own folder each eighth is compiled, with {@code toroid.conformance.every=1} each.
 */
@Tag("native")
class ConformanceTest {

    /** Calls of a library. */
    private static final int CALLS = Integer.getInteger("toroid.conformance.calls", 300);

    private static final String OTHER_FOLDER = System.getProperty("toroid.conformance");

    /** Of how many calls one is compiled: all take seven minutes on two cores. */
    private static final int EVERY = Integer.getInteger("toroid.conformance.every", OTHER_FOLDER == null ? 8 : 1);

    private static final Path BASE = Path.of(System.getProperty("basedir", "."));

    @TempDir
    static Path directory;

    @Test
    void operatorsGiveWhatPyTorchGave() throws Exception {
        String only = System.getProperty("toroid.conformance.only", ".*");
        List<RecordedCall> calls = Recordings.read(folder()).stream().filter(call -> call.overload().matches(only)).toList();
        List<String> ways = List.of(System.getProperty("toroid.conformance.ways", "eager,static,dynamic").split(","));
        ConformanceReport report = new ConformanceReport();
        for (String way : ways) {
            List<RecordedCall> some = way.equals("eager") ? calls : calls.stream().filter(call -> call.id() % EVERY == 0).toList();
            report.add(way, some, way.equals("eager") ? eager(some) : compiled(some, way));
        }
        System.out.println(report.text());
        KnownDifferences known = KnownDifferences.read(BASE.resolve("../docs/conformance.md"));
        List<String> problems = new ArrayList<>(report.problems(known));
        if (OTHER_FOLDER == null) {
            problems.addAll(report.disagreements(known));
        }
        assertEquals("", String.join("\n", problems));
    }

    private static Path folder() {
        return OTHER_FOLDER == null ? BASE.resolve("src/test/resources/conformance") : Path.of(OTHER_FOLDER);
    }

    private static List<RecordedCall> supported(List<RecordedCall> calls) {
        return calls.stream().filter(call -> Calling.operator(call).isPresent()).toList();
    }

    // ---- the ways

    private static Map<RecordedCall, Outcome> eager(List<RecordedCall> calls) {
        Map<RecordedCall, Outcome> outcomes = new LinkedHashMap<>();
        supported(calls).forEach(call -> outcomes.put(call, eager(call)));
        return outcomes;
    }

    private static Outcome eager(RecordedCall call) {
        try {
            return Agreement.difference(call, Calling.eagerly(call)).<Outcome>map(Outcome.Failed::new).orElseGet(Outcome.Passed::new);
        } catch (RuntimeException | AssertionError problem) {
            return Outcome.Failed.of(problem);
        }
    }

    private static Map<RecordedCall, Outcome> compiled(List<RecordedCall> calls, String way) throws InterruptedException, ExecutionException {
        Map<RecordedCall, Outcome> outcomes = new LinkedHashMap<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
            List<Future<Map<RecordedCall, Outcome>>> libraries = new ArrayList<>();
            for (List<RecordedCall> group : groups(supported(calls))) {
                String name = way + libraries.size();
                libraries.add(workers.submit(() -> ConformanceLibrary.run(group, way.equals("dynamic"), directory, name)));
            }
            for (Future<Map<RecordedCall, Outcome>> library : libraries) {
                outcomes.putAll(library.get());
            }
        }
        return outcomes;
    }

    /** All calls of an overload go into one library. */
    private static List<List<RecordedCall>> groups(List<RecordedCall> calls) {
        List<List<RecordedCall>> groups = new ArrayList<>();
        calls.stream().collect(Collectors.groupingBy(RecordedCall::overload, LinkedHashMap::new, Collectors.toList())).values().forEach(overload -> {
            if (groups.isEmpty() || groups.getLast().size() + overload.size() > CALLS) {
                groups.add(new ArrayList<>());
            }
            groups.getLast().addAll(overload);
        });
        return groups;
    }
}
