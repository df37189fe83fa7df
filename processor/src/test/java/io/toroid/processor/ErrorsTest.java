package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every mistake of a model's author is an ordinary source among the test resources with {@code // error: [CODE] text}
 * at the end of the offending line, or several of them on the lines below it, as {@code // error above: ...}. Exactly
 * these must come out; one without a place is {@code // error nowhere: ...}. {@code // weights FILE = TENSORS} and {@code // option ...} lines set up the compile.
 */
@Tag("javac")
class ErrorsTest {

    private static final Pattern EXPECTED = Pattern.compile("// error: (.*)$");
    private static final Pattern EXPECTED_ABOVE = Pattern.compile("^\\s*// error above: (.*)$");
    private static final Pattern EXPECTED_NOWHERE = Pattern.compile("^// error nowhere: (.*)$");
    private static final Pattern WEIGHTS = Pattern.compile("^// weights (\\S+) = (.*)$");
    private static final Pattern OPTION = Pattern.compile("^// option (\\S+)$");

    @TempDir
    private Path directory;

    static List<Path> sources() throws IOException, URISyntaxException {
        Path root = Path.of(ErrorsTest.class.getResource("/errors").toURI());
        try (Stream<Path> files = Files.list(root)) {
            return files.sorted(Comparator.comparing(Path::getFileName)).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("sources")
    void exactlyTheExpectedErrorsComeOut(Path source) {
        String text = read(source);
        JavacHarness project = new JavacHarness(directory).source("errors/" + source.getFileName(), text);
        setUp(project, text);

        JavacHarness.Outcome outcome = project.compile(new ModelProcessor((model, options) ->
                new CompiledFiles(new TreeMap<>(), new TreeMap<>())));

        TreeSet<String> actual = new TreeSet<>();
        outcome.errors().forEach(error -> actual.add("%d: %s".formatted(error.line(), error.text())));
        assertEquals(String.join("\n", expected(text)), String.join("\n", actual));
        assertEquals(expected(text).size(), outcome.errors().size(), "each error once");
        assertFalse(outcome.succeeded());
        assertEquals("", outcome.printed());
    }

    private static TreeSet<String> expected(String text) {
        TreeSet<String> expected = new TreeSet<>();
        List<String> lines = text.lines().toList();
        int code = 0;
        for (int i = 0; i < lines.size(); i++) {
            Matcher above = EXPECTED_ABOVE.matcher(lines.get(i));
            Matcher here = EXPECTED.matcher(lines.get(i));
            Matcher nowhere = EXPECTED_NOWHERE.matcher(lines.get(i));
            if (nowhere.find()) {
                expected.add("%d: %s".formatted(javax.tools.Diagnostic.NOPOS, nowhere.group(1)));
            } else if (above.find()) {
                expected.add("%d: %s".formatted(code, above.group(1)));
            } else {
                code = i + 1;
                if (here.find()) {
                    expected.add("%d: %s".formatted(code, here.group(1)));
                }
            }
        }
        return expected;
    }

    private static void setUp(JavacHarness project, String text) {
        List<String> tensors = new ArrayList<>();
        text.lines().forEach(line -> {
            Matcher weights = WEIGHTS.matcher(line);
            Matcher option = OPTION.matcher(line);
            if (weights.matches()) {
                tensors.clear();
                tensors.addAll(List.of(weights.group(2).split(";\\s*")));
                project.weights(weights.group(1), tensors.toArray(String[]::new));
            } else if (option.matches()) {
                project.option(option.group(1));
            }
        });
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
