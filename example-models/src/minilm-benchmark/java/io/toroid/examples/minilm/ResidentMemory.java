package io.toroid.examples.minilm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A program that prints how much memory it has: at its start, with a model loaded, and after many calls. */
final class ResidentMemory {
    private ResidentMemory() {
    }

    /**
     * What Linux says of a process, in bytes.
     *
     * @param resident all that is in memory, pages of files too
     * @param proportional as resident, but what several processes share is split between them
     * @param own what no other process has
     * @param peak the most that was ever resident
     */
    record Usage(long resident, long proportional, long own, long peak) {
        static Usage now() throws IOException {
            List<String> memory = Files.readAllLines(Path.of("/proc/self/smaps_rollup"));
            long own = field(memory, "Private_Clean:") + field(memory, "Private_Dirty:");
            return new Usage(field(memory, "Rss:"), field(memory, "Pss:"), own, field(Files.readAllLines(Path.of("/proc/self/status")), "VmHWM:"));
        }

        private static long field(List<String> lines, String name) {
            String line = lines.stream().filter(each -> each.startsWith(name)).findFirst().orElseThrow();
            return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
        }

        static Usage parse(String line) {
            String[] values = line.split(" ");
            return new Usage(Long.parseLong(values[0]), Long.parseLong(values[1]), Long.parseLong(values[2]), Long.parseLong(values[3]));
        }

        @Override
        public String toString() {
            return "%d %d %d %d".formatted(resident, proportional, own, peak);
        }
    }

    /** When it was started, the engine, its threads, the ONNX file, and how many calls. */
    public static void main(String[] arguments) throws IOException {
        System.out.println(Usage.now());
        try (Engine engine = Engine.load(arguments[1], Integer.parseInt(arguments[2]), Path.of(arguments[3]))) {
            System.out.println(Usage.now());
            try (Engine.Request request = engine.prepare(Input.of(Sizes.LOAD))) {
                for (int call = Integer.parseInt(arguments[4]); call > 0; call--) {
                    request.embed();
                }
            }
            System.out.println(Usage.now());
        }
    }
}
