package io.toroid.runtime;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A profile in the format of Chrome's trace viewer: complete events, with times in microseconds since the first. */
final class ChromeTrace {

    private final Writer out;
    private final long origin;
    private boolean isFirst = true;

    private ChromeTrace(Writer out, long origin) {
        this.out = out;
        this.origin = origin;
    }

    static void write(Profile profile, Path file) throws IOException {
        long origin = profile.calls().stream().mapToLong(Profile.Call::start).min().orElse(0);
        try (Writer out = Files.newBufferedWriter(file)) {
            new ChromeTrace(out, origin).write(profile);
        }
    }

    private void write(Profile profile) throws IOException {
        out.write("{\"displayTimeUnit\": \"ns\", \"otherData\": {\"model\": " + quoted(profile.model()) + "}, \"traceEvents\": [");
        for (Profile.Call call : profile.calls()) {
            event(call.entry(), "call", call.thread(), call.start(), call.nanoseconds(), "\"call\": " + call.number());
            for (Profile.Run run : call.runs()) {
                event(run.place().kernel(), "kernel", call.thread(), run.start(), run.nanoseconds(),
                        "\"operators\": %s, \"lines\": %s, \"bytes\": %d, \"operations\": %d, \"call\": %d".formatted(
                                quoted(run.place().operators()), quoted(run.place().lines()), run.bytes(), run.operations(), call.number()));
            }
        }
        out.write("\n]}\n");
    }

    private void event(String name, String category, long thread, long start, long nanoseconds, String arguments) throws IOException {
        out.write(String.format(Locale.ROOT,
                "%s\n{\"name\": %s, \"cat\": \"%s\", \"ph\": \"X\", \"ts\": %.3f, \"dur\": %.3f, \"pid\": 1, \"tid\": %d, \"args\": {%s}}",
                isFirst ? "" : ",", quoted(name), category, (start - origin) / 1000.0, nanoseconds / 1000.0, thread, arguments));
        isFirst = false;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
