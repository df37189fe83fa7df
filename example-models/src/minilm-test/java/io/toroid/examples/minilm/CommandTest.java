package io.toroid.examples.minilm;

import static io.toroid.examples.minilm.Agreement.RECORDED;
import static io.toroid.examples.minilm.Agreement.assertClose;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line, run in this process. */
@Tag("native")
class CommandTest {

    private static final String NOTES = "src/minilm/samples/notes.txt";

    @TempDir
    Path directory;

    /** What a command printed. */
    private record Output(int code, String out, String err) {

        List<String> lines() {
            return out.lines().toList();
        }
    }

    private static Output run(byte[] input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = MiniLmCommand.run(terminal(input, out, err), arguments);
        return new Output(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static Terminal terminal(byte[] input, OutputStream out, OutputStream err) {
        return new Terminal(new ByteArrayInputStream(input), print(out), print(err), /* seen= */ false);
    }

    private static PrintStream print(OutputStream stream) {
        return new PrintStream(stream, /* autoFlush= */ true, StandardCharsets.UTF_8);
    }

    private static Output run(String input, String... arguments) {
        return run(input.getBytes(StandardCharsets.UTF_8), arguments);
    }

    private static void assertFails(int code, String error, Output output) {
        assertEquals(error, output.err());
        assertEquals("", output.out());
        assertEquals(code, output.code());
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).floatValue();
        }
        return values;
    }

    // ---- embed ----------------------------------------------------------------------------------------------------------

    @Test
    void embedPrintsALineOfJsonForEachSentence() throws IOException {
        List<Recorded> recorded = Recorded.all().stream().filter(sentence -> !sentence.sentence().isBlank()).toList();
        Path file = directory.resolve("recorded.txt");
        Files.writeString(file, recorded.stream().map(Recorded::sentence).collect(Collectors.joining("\n\n", "\n", "")));
        Output output = run("", "embed", file.toString());
        assertEquals("", output.err());
        assertEquals(0, output.code());
        assertEquals(recorded.size(), output.lines().size());
        for (int i = 0; i < recorded.size(); i++) {
            JsonNode line = new ObjectMapper().readTree(output.lines().get(i));
            assertEquals(2 * i + 2, line.get("line").intValue());
            assertEquals(recorded.get(i).sentence(), line.get("sentence").textValue());
            assertEquals(recorded.get(i).ids().length, line.get("tokens").intValue());
            assertFalse(line.get("cut").booleanValue());
            assertClose(recorded.get(i).embedding(), floats(line.get("embedding")), RECORDED, recorded.get(i).sentence());
        }
    }

    @Test
    void embedPrintsATable() {
        Output output = run("It rained.\n\n  The soup needs lemon – and this sentence is too long to be printed in full.  ", "embed", "--format", "table", "-");
        assertEquals("", output.err());
        assertEquals(List.of(
                "  line  tokens  embedding                            sentence",
                "     1       5   0.0067  0.0916  0.0904  0.0875 …  It rained."), output.lines().subList(0, 2));
        assertEquals(3, output.lines().size());
        assertTrue(output.lines().get(2).matches(
                " {5}3 {6}19 ( [ -]\\d\\.\\d{4}){4} …  The soup needs lemon – and this sentence is too long to be…"), output.out());
    }

    @Test
    void aSentenceThatIsTooLongIsCutAndSaidToBe() throws IOException {
        Output output = run("It rained.\n" + "rain ".repeat(800) + "\n", "embed");
        assertEquals("minilm: line 2 of standard input has 802 tokens; the first 512 are used\n", output.err());
        assertEquals(0, output.code());
        JsonNode cut = new ObjectMapper().readTree(output.lines().get(1));
        assertEquals(802, cut.get("tokens").intValue());
        assertTrue(cut.get("cut").booleanValue());
    }

    @Test
    void manySentencesComeInTheirOrder() throws IOException {
        String input = IntStream.range(0, 1100).mapToObj(i -> "x".repeat(i % 7 + 1) + " " + i).collect(Collectors.joining("\n"));
        Output output = run(input, "embed", "--threads", "1");
        assertEquals(1100, output.lines().size());
        for (int i = 0; i < 1100; i++) {
            JsonNode line = new ObjectMapper().readTree(output.lines().get(i));
            assertEquals(i + 1, line.get("line").intValue());
            assertTrue(line.get("sentence").textValue().endsWith(" " + i));
        }
    }

    @Test
    void whatIsWrongWithAFileIsSaid() throws IOException {
        Path missing = directory.resolve("missing.txt");
        assertFails(1, "minilm: there is no file " + missing + "\n", run("", "embed", missing.toString()));
        assertFails(1, "minilm: there is no file " + missing + "\n", run("", "search", missing.toString(), "rain"));
        assertFails(1, "minilm: %s is a directory, not a text file\n".formatted(directory), run("", "padding", directory.toString()));
        Path blank = Files.writeString(directory.resolve("blank.txt"), "\n  \n\t\n");
        assertFails(1, "minilm: %s has no sentence: each line that is not blank is one\n".formatted(blank), run("", "embed", blank.toString()));
        assertFails(1, "minilm: standard input has no sentence: each line that is not blank is one\n", run("", "embed"));
        byte[] latin = "caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
        assertFails(1, "minilm: standard input is not UTF-8 text\n", run(latin, "embed"));
    }

    @Test
    void anOutputThatNobodyReadsEndsTheCommand() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        byte[] input = "It rained.\n".getBytes(StandardCharsets.UTF_8);
        assertEquals(1, MiniLmCommand.run(terminal(input, broken, err), "embed"));
        assertEquals("minilm: the output cannot be written\n", err.toString(StandardCharsets.UTF_8));
    }

    // ---- search ---------------------------------------------------------------------------------------------------------

    private static int bestLine(String query) throws IOException {
        Output output = run("", "search", NOTES, query, "--top", "1", "--format", "json");
        assertEquals(1, output.lines().size(), output.err());
        return new ObjectMapper().readTree(output.out()).get("line").intValue();
    }

    private static void assertFinds(String sentence, String query) throws IOException {
        List<String> lines = Files.readAllLines(Path.of(NOTES));
        assertEquals(sentence, lines.get(bestLine(query) - 1), query);
    }

    @Test
    void searchFindsWhatIsMeantInOtherWords() throws IOException {
        assertFinds("Parcels can be sent back within thirty days of delivery, as long as the label is still on the box.",
                "how do I return a parcel");
        assertFinds("To reset your password, follow the link that we send to the address you registered with.",
                "I cannot log in any more");
        assertFinds("Octopuses have three hearts.", "sea animals with tentacles");
        assertFinds("The lift is out of order; a technician is coming this afternoon.", "the elevator is broken");
        assertFinds("Let the bread cool for an hour before you cut it.", "when can I slice the loaf?");
        assertFinds("Bicycles travel for free outside the rush hour.", "taking a bike on the train");
    }

    @Test
    void searchPrintsTheBestFirst() {
        Output output = run("", "search", NOTES, "how do I return a parcel", "--top", "3");
        assertEquals(0, output.code());
        assertEquals(3, output.lines().size());
        assertTrue(output.lines().getFirst().matches(" 0\\.56\\d {6}1: Parcels can be sent back .*"), output.out());
        List<Float> scores = output.lines().stream().map(line -> Float.valueOf(line.strip().split(" ")[0])).toList();
        assertEquals(scores.stream().sorted((a, b) -> Float.compare(b, a)).toList(), scores);
    }

    @Test
    void aSentenceFindsItself() throws IOException {
        Output output = run("One.\nIt rained.\nThree.\n", "search", "-", "It rained.", "--top", "10", "--format", "json");
        assertEquals(3, output.lines().size(), "no more than there are");
        JsonNode best = new ObjectMapper().readTree(output.lines().getFirst());
        assertEquals(1, best.get("score").doubleValue(), 1e-5);
        assertEquals(2, best.get("line").intValue());
        assertEquals("It rained.", best.get("sentence").textValue());
    }

    // ---- padding --------------------------------------------------------------------------------------------------------

    @Test
    void paddingComparesTheWays() {
        String input = "It rained.\n".repeat(20) + "rain ".repeat(100) + "\n";
        Output output = run(input, "padding", "-", "--rounds", "1", "--threads", "1");
        assertEquals("", output.err());
        assertEquals("1 threads, 21 sentences, 202 tokens", output.lines().getFirst());
        assertTrue(output.lines().get(3).matches("one padded batch +1 +2142 +960 % .*"), output.out());
        assertTrue(output.lines().get(4).matches("bucketed by length +2 +202 +0 % .*"), output.out());
        assertTrue(output.lines().get(5).matches("one by one +21 +202 +0 % .* 1\\.00"), output.out());
    }

    // ---- arguments ------------------------------------------------------------------------------------------------------

    @Test
    void wrongArgumentsAreExplained() {
        assertFails(2, "minilm: Missing required subcommand\nTry 'minilm --help'.\n", run(""));
        assertFails(2, "minilm search: QUERY is blank\nTry 'minilm search --help'.\n", run("", "search", NOTES, " "));
        assertFails(2, "minilm search: Missing required parameter: 'QUERY'\nTry 'minilm search --help'.\n", run("", "search", NOTES));
        assertFails(2, "minilm search: --top must be at least 1, not 0\nTry 'minilm search --help'.\n",
                run("", "search", NOTES, "rain", "--top", "0"));
        assertFails(2, "minilm embed: --threads must be at least 1, not -2\nTry 'minilm embed --help'.\n", run("", "embed", "--threads=-2"));
        assertFails(2, "minilm embed: Invalid value for option '--format': expected one of [JSON, TABLE] (case-insensitive) but was 'xml'\n"
                + "Try 'minilm embed --help'.\n", run("", "embed", "--format", "xml"));
        assertFails(2, "minilm padding: --rounds must be at least 1, not 0\nTry 'minilm padding --help'.\n",
                run("", "padding", NOTES, "--rounds", "0"));
    }

    @Test
    void helpNamesTheCommands() {
        Output output = run("", "--help");
        assertEquals(0, output.code());
        assertEquals("", output.err());
        assertTrue(List.of("embed ", "search ", "padding ").stream().allMatch(output.out()::contains), output.out());
    }
}
