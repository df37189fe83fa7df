package io.toroid.processor.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tables of {@code docs/conformance.md}: which recorded calls give something else than PyTorch, in which ways, and why.
 *
 * @param failures of each way, as {@code aten.add.Tensor #3}
 * @param missing core overloads that there are not
 */
public record KnownDifferences(Map<String, Set<String>> failures, Set<String> missing) {

    /** {@code | `aten.add.Tensor` | eager, static | 3, 5 | because |}. */
    private static final Pattern ROW = Pattern.compile("\\| `(aten\\.\\S+)` \\| ([a-z, ]+) \\| ([0-9, ]+) \\| .+ \\|");

    /** {@code | `aten.nonzero.default` | because |}. */
    private static final Pattern MISSING = Pattern.compile("\\| `(aten\\.\\S+)` \\| [^|]+ \\|");

    /** Reads the tables. */
    public static KnownDifferences read(Path document) throws IOException {
        Map<String, Set<String>> failures = new LinkedHashMap<>();
        Set<String> missing = new TreeSet<>();
        for (String line : Files.readAllLines(document)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                for (String way : row.group(2).split(", ")) {
                    Arrays.stream(row.group(3).split(", ")).forEach(id ->
                            failures.computeIfAbsent(way, _ -> new TreeSet<>()).add(row.group(1) + " #" + id));
                }
            }
            Matcher absent = MISSING.matcher(line);
            if (absent.matches()) {
                missing.add(absent.group(1));
            }
        }
        return new KnownDifferences(failures, missing);
    }

    /** Says where the table is not what happened: to calls of one way. */
    public List<String> disagreements(String way, Map<RecordedCall, Outcome> outcomes) {
        List<String> disagreements = new ArrayList<>();
        Set<String> known = failures.getOrDefault(way, Set.of());
        outcomes.forEach((call, outcome) -> {
            if (missing.contains(call.overload()) && !(outcome instanceof Outcome.Unsupported)) {
                disagreements.add("%s is there now; take it out of docs/conformance.md".formatted(call.overload()));
            }
            if (outcome instanceof Outcome.Failed(String why) && !known.contains(call.toString())) {
                disagreements.add("%s: %s fails, which docs/conformance.md does not know: %s".formatted(way, call, why));
            } else if (outcome instanceof Outcome.Passed && known.contains(call.toString())) {
                disagreements.add("%s: %s passes; take it out of docs/conformance.md".formatted(way, call));
            }
        });
        return disagreements.stream().distinct().toList();
    }
}
