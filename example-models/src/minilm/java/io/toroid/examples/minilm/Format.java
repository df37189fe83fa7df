package io.toroid.examples.minilm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Locale;

/** How results are written. */
enum Format {

    /** An object on each line. */
    JSON,

    /** For people. */
    TABLE;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** A record on a line of its own. */
    static String json(Record record) {
        try {
            return MAPPER.writeValueAsString(record);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
