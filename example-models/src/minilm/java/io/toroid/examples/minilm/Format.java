package io.toroid.examples.minilm;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;

/** How results are written. */
enum Format {

    /** An object on each line. */
    JSON,

    /** For people. */
    TABLE;

    /** The fields of an object. */
    interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    private static final JsonFactory JSON_FACTORY = new JsonFactory();

    /** An object on a line of its own. Written field by field: to look at records for their fields takes longer than to embed a sentence. */
    static void print(PrintStream out, Fields fields) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json = JSON_FACTORY.createGenerator(line)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.println(line);
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
