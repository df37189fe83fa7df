package io.toroid.processor.conformance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What became of recorded calls, each way: what failed of each overload, and how many of all. */
public final class ConformanceReport {

    private static final double LEAST = 0.99;

    /** How the calls of one way ended. */
    private record Way(Map<RecordedCall, Outcome> outcomes) {

        long count(Class<? extends Outcome> ending) {
            return outcomes.values().stream().filter(ending::isInstance).count();
        }

        String line(String name) {
            return "conformance %s: %d passed, %d failed, %d unsupported of %d".formatted(name, count(Outcome.Passed.class),
                    count(Outcome.Failed.class), count(Outcome.Unsupported.class), outcomes.size());
        }
    }

    private final Map<String, Way> ways = new LinkedHashMap<>();

    /** @param outcomes of the calls whose operator we have */
    public void add(String way, List<RecordedCall> calls, Map<RecordedCall, Outcome> outcomes) {
        Map<RecordedCall, Outcome> all = new LinkedHashMap<>();
        calls.forEach(call -> all.put(call, outcomes.getOrDefault(call, new Outcome.Unsupported())));
        ways.put(way, new Way(all));
    }

    /** What did not pass, by overloads, and last one line for each way. */
    public String text() {
        List<String> lines = new ArrayList<>();
        Map<String, List<String>> byOverload = new TreeMap<>();
        ways.forEach((name, way) -> way.outcomes().forEach((call, outcome) -> {
            switch (outcome) {
                case Outcome.Passed _ -> { }
                case Outcome.Unsupported _ -> { }
                case Outcome.Failed(String why) -> byOverload.computeIfAbsent(call.overload(), _ -> new ArrayList<>())
                        .add("  %s #%d: %s".formatted(name, call.id(), why));
            }
        }));
        byOverload.forEach((overload, failures) -> {
            lines.add("%s: %d failed".formatted(overload, failures.size()));
            lines.addAll(failures);
        });
        ways.values().stream().findFirst().ifPresent(way -> unsupported(way).forEach((overload, count) -> lines.add("%s: unsupported, %d".formatted(overload, count))));
        ways.forEach((name, way) -> lines.add(way.line(name)));
        return String.join("\n", lines);
    }

    private static Map<String, Integer> unsupported(Way way) {
        Map<String, Integer> counts = new TreeMap<>();
        way.outcomes().forEach((call, outcome) -> {
            if (outcome instanceof Outcome.Unsupported) {
                counts.merge(call.overload(), 1, Integer::sum);
            }
        });
        return counts;
    }

    /** Where a table of known differences is not what happened. */
    public List<String> disagreements(KnownDifferences known) {
        List<String> disagreements = new ArrayList<>();
        ways.forEach((name, way) -> disagreements.addAll(known.disagreements(name, way.outcomes())));
        return disagreements;
    }

    /** Ways of which too few passed, and core overloads that are not there without a word about it. */
    public List<String> problems(KnownDifferences known) {
        List<String> problems = new ArrayList<>();
        ways.forEach((name, way) -> {
            if (way.count(Outcome.Passed.class) < LEAST * way.outcomes().size()) {
                problems.add(way.line(name));
            }
        });
        ways.values().stream().flatMap(way -> way.outcomes().entrySet().stream())
                .filter(ended -> ended.getValue() instanceof Outcome.Unsupported && ended.getKey().isCore())
                .map(ended -> ended.getKey().overload()).distinct().filter(overload -> !known.missing().contains(overload))
                .forEach(overload -> problems.add(overload + " is a core overload, and there is no such operator"));
        return problems;
    }
}
