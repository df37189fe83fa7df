package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.processor.compiled.GraphCase;
import io.toroid.processor.compiled.GraphCases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The table of docs/aotinductor-contract.md has every row once, and each names tests that exist, or says why it has none. */
@Tag("unit")
class ContractTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final int SCENARIOS = 163;

    private static final Pattern REFERENCE = Pattern.compile("`([^`]+)`");

    private final Map<String, String> sources = sources();
    private final List<String> cases = GraphCases.all().stream().map(GraphCase::name).toList();

    /** A row: its name, what is said of it, and its test. */
    private record Row(String name, String text, String test) {
    }

    @Test
    void everyRowIsThereOnce() throws IOException {
        List<String> names = rows().stream().map(Row::name).toList();
        assertEquals(numbered("W-%03d", 124), names.stream().filter(name -> name.startsWith("W-")).toList());
        assertEquals(numbered("H-%02d", 29), names.stream().filter(name -> name.startsWith("H-")).toList());
        assertEquals(numbered("C-%02d", 41), names.stream().filter(name -> name.startsWith("C-")).toList());
        assertEquals(SCENARIOS, names.stream().filter(name -> !name.matches("[WHC]-\\d+")).distinct().count());
    }

    @Test
    void everyRowNamesTestsThatExistOrSaysWhyItHasNone() throws IOException {
        List<String> problems = new ArrayList<>();
        for (Row row : rows()) {
            boolean isAbsent = row.test().startsWith("none");
            if (isAbsent && !row.test().startsWith("none: ") && !row.text().startsWith("none")) {
                problems.add(row.name() + " does not say why it has no test");
            }
            if (!isAbsent && !row.test().equals("open")) {
                references(row).forEach(reference -> check(row, reference, problems));
            }
        }
        assertEquals(List.of(), problems);
    }

    @Test
    void theNumberOfOpenRowsIsSaid() throws IOException {
        long open = rows().stream().filter(row -> row.test().equals("open")).count();
        assertTrue(text().contains("Open rows: %d of %d.".formatted(open, rows().size())), "%d of %d rows are open".formatted(open, rows().size()));
    }

    private static List<String> numbered(String format, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(format::formatted).toList();
    }

    // ---- the table

    private static String text() throws IOException {
        return Files.readString(ROOT.resolve("docs/aotinductor-contract.md"));
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : text().lines().filter(each -> each.startsWith("| ")).toList()) {
            String[] cells = line.substring(1, line.lastIndexOf('|')).split("\\|");
            String name = cells[0].strip();
            if (!name.equals("row") && !name.equals("scenario") && !name.startsWith("**")) {
                rows.add(new Row(name, cells[cells.length - 2].strip(), cells[cells.length - 1].strip()));
            }
        }
        return rows;
    }

    private static List<String> references(Row row) {
        List<String> references = REFERENCE.matcher(row.test()).results().map(match -> match.group(1)).toList();
        return references.isEmpty() ? List.of(row.test()) : references;
    }

    // ---- the tests

    private void check(Row row, String reference, List<String> problems) {
        String[] parts = reference.split(": ", 2);
        String owner = parts[0].replaceFirst("\\.(?!cpp).*", "");
        String source = sources.get(owner.endsWith(".cpp") ? owner : owner + ".java");
        if (source == null) {
            problems.add("%s: there is no %s".formatted(row.name(), owner));
        } else if (owner.equals("CompiledEqualsEagerTest")) {
            Stream.of(parts[1].split(", ")).filter(name -> cases.stream().noneMatch(each -> isMeant(each, name)))
                    .forEach(name -> problems.add("%s: there is no case %s".formatted(row.name(), name)));
        } else {
            String method = parts.length > 1 ? parts[1] : parts[0].substring(Math.min(parts[0].length(), owner.length() + 1));
            Matcher declaration = Pattern.compile("(void|Stream<DynamicTest>) " + method + "\\(").matcher(source);
            if (!method.isEmpty() && !declaration.find()) {
                problems.add("%s: %s has no %s".formatted(row.name(), owner, method));
            }
        }
    }

    /** A name that ends with an underscore is that of a family. */
    private static boolean isMeant(String graphCase, String name) {
        return name.endsWith("_") ? graphCase.startsWith(name) : graphCase.equals(name);
    }

    private static Map<String, String> sources() {
        Map<String, String> sources = new TreeMap<>();
        for (String module : List.of("annotations", "runtime", "processor", "example-models")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src"))) {
                for (Path file : files.filter(each -> each.toString().matches(".*(Test\\.java|(scenarios|swaps)/.*Use\\.java|_test\\.cpp)")).toList()) {
                    sources.put(file.getFileName().toString(), Files.readString(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return sources;
    }
}
