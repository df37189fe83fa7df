package io.toroid.examples.minilm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the sentences of a UTF-8 file or of standard input: each line that is not blank is one. */
final class LineReader implements AutoCloseable {

    static final String STANDARD_INPUT = "-";

    /** Lines in memory while they are counted. */
    private static final int COUNTED = 4096;

    private final String name;

    private final BufferedReader reader;

    private int number;

    private LineReader(String name, InputStream bytes) {
        this.name = name;
        this.reader = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8.newDecoder()));
    }

    /**
     * @param file a path, or {@code -} for {@code standardInput}
     * @throws CommandError if it cannot be read
     */
    static LineReader open(String file, InputStream standardInput) {
        if (file.equals(STANDARD_INPUT)) {
            return new LineReader(name(file), standardInput);
        }
        Path path = Path.of(file);
        if (Files.isDirectory(path)) {
            throw new CommandError(file + " is a directory, not a text file");
        }
        try {
            return new LineReader(file, Files.newInputStream(path));
        } catch (NoSuchFileException e) {
            throw new CommandError("there is no file " + path.toAbsolutePath().normalize());
        } catch (AccessDeniedException e) {
            throw new CommandError(file + " may not be read");
        } catch (IOException e) {
            throw new CommandError("%s cannot be read: %s".formatted(file, e.getMessage()));
        }
    }

    /** How many sentences a file has; 0 if it cannot be read twice, as standard input cannot. */
    static long count(String file) {
        if (file.equals(STANDARD_INPUT) || !Files.isRegularFile(Path.of(file))) {
            return 0;
        }
        try (LineReader reader = open(file, InputStream.nullInputStream())) {
            long count = 0;
            for (int more = 1; more > 0; count += more) {
                more = reader.next(COUNTED).size();
            }
            return count;
        }
    }

    /** How messages call it. */
    static String name(String file) {
        return file.equals(STANDARD_INPUT) ? "standard input" : file;
    }

    /** All sentences of a file, of which at least one must be there. */
    static List<Line> all(String file, InputStream standardInput) {
        try (LineReader reader = open(file, standardInput)) {
            return reader.required(reader.next(Integer.MAX_VALUE, /* wait= */ true));
        }
    }

    /** The first sentences, of which at least one must be there. */
    List<Line> first(int count) {
        return required(next(count));
    }

    /** The next sentences: those that are there already, or the first to come, at most {@code count}; none at the end. */
    List<Line> next(int count) {
        return next(count, /* wait= */ false);
    }

    private List<Line> next(int count, boolean wait) {
        List<Line> lines = new ArrayList<>();
        try {
            while (lines.size() < count && (wait || lines.isEmpty() || reader.ready())) {
                String text = reader.readLine();
                if (text == null) {
                    break;
                }
                number++;
                if (!text.isBlank()) {
                    lines.add(new Line(number, text.strip()));
                }
            }
        } catch (CharacterCodingException e) {
            throw new CommandError(name + " is not UTF-8 text" + (number == 0 ? "" : " after line " + number));
        } catch (IOException e) {
            throw new CommandError("%s cannot be read: %s".formatted(name, e.getMessage()));
        }
        return lines;
    }

    private List<Line> required(List<Line> lines) {
        if (lines.isEmpty()) {
            throw new CommandError("%s has no sentence: each line that is not blank is one".formatted(name));
        }
        return lines;
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw new CommandError("%s cannot be closed: %s".formatted(name, e.getMessage()));
        }
    }
}
