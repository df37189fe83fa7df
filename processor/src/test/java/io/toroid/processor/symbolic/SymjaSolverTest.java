package io.toroid.processor.symbolic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.shape.Range;
import io.toroid.shape.Relation;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import io.toroid.shape.Verdict;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("unit")
class SymjaSolverTest {
    private static final SymjaSolver SOLVER = new SymjaSolver();

    private final ShapeEnvironment environment = new ShapeEnvironment(() -> SOLVER);
    private final Symbol n = environment.declare("n", Range.of(1, 4096));
    private final Symbol m = environment.declare("m", Range.of(1, 4096));
    private final Symbol small = environment.declare("small", Range.of(0, 2));
    private final Symbol large = environment.declare("large", Range.of(4, 100));

    private Size size(String text) {
        return environment.parse(text);
    }

    @ParameterizedTest(name = "{0} simplifies to {1}")
    @CsvSource(delimiter = '|', textBlock = """
            (n*n + 2*n + 1)//(n*m + m + n + 1)            | (n + 1)//(m + 1)
            (n*n + 2*n + 1)%(n*m + m + n + 1)             | n*((n + 1)%(m + 1)) + (n + 1)%(m + 1)
            m*((n*n + 2*n + 1)//(n*m + m + n + 1)) + 7    | m*((n + 1)//(m + 1)) + 7
            (n + 1)//(m + 1)                              | (n + 1)//(m + 1)
            min((n*n + 2*n + 1)//(n*m + n + m + 1), m)    | min((n + 1)//(m + 1), m)
            """)
    void cancelsCommonFactorsOfSums(String text, String simpler) {
        assertEquals(size(simpler), SOLVER.simplify(size(text)));
    }

    @ParameterizedTest(name = "{0} = {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            (n*n + 2*n + 1)//(n*m + m + n + 1) | (n + 1)//(m + 1)   | true
            n*n                                | 50                 | false
            n*n + 2*m*m                        | 3*n*m + 5*n - 5*m  |
            small*large                        | 3*small + large - 3 |
            (small + 1)*large                  | 3*small + 3        | false
            n*n                                | 49                 |
            n*n*n                              | 3*n + 1            | false
            n                                  | m                  |
            """)
    void decidesWhatIsPolynomial(String left, String right, Boolean expected) {
        assertEquals(Optional.ofNullable(expected), SOLVER.equal(size(left), size(right)));
    }

    @ParameterizedTest(name = "{0} = {2} for {1}: {3}")
    @CsvSource(delimiter = '|', textBlock = """
            n*n          | n | 49           | 7
            n*n + n      | n | 56           | 7
            n*n          | n | m*m          | m
            n*n + 2*n    | n | m*m + 4*m + 3 | m + 1
            n*n          | n | 50           |
            n*n          | n | m            |
            n*(n//4)     | n | m            |
            small*small  | small | 49       |
            """)
    void findsTheOnlyRootInRange(String expression, String unknown, String value, String root) {
        assertEquals(Optional.ofNullable(root).map(this::size),
                SOLVER.solve(size(expression), environment.symbol(unknown), size(value)));
    }

    @Test
    void decidesForAnEnvironmentWhatTheCanonicalFormLeavesOpen() {
        assertEquals(Verdict.PROVED, environment.verdict(
                size("(n*n + 2*n + 1)//(n*m + m + n + 1)"), Relation.EQUAL, size("(n + 1)//(m + 1)")));
        assertEquals(Verdict.REFUTED, environment.verdict(size("n*n"), Relation.EQUAL, Size.of(50)));
        assertEquals(Optional.of(m.plus(1)), environment.solve(size("n*n + 2*n"), n, size("m*m + 4*m + 3")));
        assertEquals(List.of(), environment.checks());
    }

    @Test
    void answersSeveralThreads() throws Exception {
        try (var executor = Executors.newFixedThreadPool(4)) {
            List<Future<Optional<Size>>> answers = IntStream.range(1, 40)
                    .mapToObj(root -> executor.submit(() -> SOLVER.solve(size("n*n + n"), n, Size.of(root * (root + 1L))))).toList();
            for (int root = 1; root < 40; root++) {
                assertEquals(Optional.of(Size.of(root)), answers.get(root - 1).get());
            }
        }
    }

    /** What the quiet process runs. */
    static final class Quiet {
        private Quiet() {
        }

        public static void main(String[] arguments) {
            SymjaSolverTest test = new SymjaSolverTest();
            boolean right = test.size("n*n").equals(test.n.times(test.n))
                    && SOLVER.solve(test.size("n*n + n"), test.n, Size.of(56)).equals(Optional.of(Size.of(7)))
                    && SOLVER.equal(test.size("n*n"), Size.of(50)).equals(Optional.of(false));
            boolean quit = Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> !thread.isDaemon() && thread.getName().startsWith("pool-"));
            Runtime.getRuntime().halt(right ? quit ? 0 : 3 : 2);
        }
    }

    @Test
    void printsNothingWritesNothingAndLeavesNoThread(@TempDir Path home) throws Exception {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.home=" + home, "-cp", classPath, Quiet.class.getName()));
        Process process = new ProcessBuilder(command).directory(home.toFile()).redirectErrorStream(true)
                .redirectInput(new File("/dev/null")).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals("", output);
        assertEquals(0, process.waitFor());
        try (Stream<Path> files = Files.list(home)) {
            assertTrue(files.findAny().isEmpty());
        }
    }
}
