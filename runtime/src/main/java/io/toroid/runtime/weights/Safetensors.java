package io.toroid.runtime.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.toroid.DType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A safetensors file: eight bytes with the length of the header, the header in JSON, then the tensors' data. The file is mapped, not
 * read, so opening a large one is cheap and several models share its memory.
 *
 * <p>Everything that the format demands is checked on opening; the data are covered by the tensors without gaps or overlaps. A tensor
 * whose element type Toroid does not have is only refused when it is asked for.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">the format</a>
 */
public final class Safetensors implements WeightSource {
    private static final long MAX_HEADER = 100_000_000;
    private static final Map<String, Integer> ELEMENT_BYTES = Map.ofEntries(
            Map.entry("BOOL", 1), Map.entry("U8", 1), Map.entry("I8", 1), Map.entry("F8_E5M2", 1), Map.entry("F8_E4M3", 1),
            Map.entry("I16", 2), Map.entry("U16", 2), Map.entry("F16", 2), Map.entry("BF16", 2),
            Map.entry("I32", 4), Map.entry("U32", 4), Map.entry("F32", 4),
            Map.entry("I64", 8), Map.entry("U64", 8), Map.entry("F64", 8), Map.entry("C64", 8));

    private record Entry(String name, String dtype, long[] shape, long begin, long end) {}

    /** What messages call it. */
    private final String file;
    private final Arena arena;
    private final MemorySegment data;
    private final Map<String, String> metadata;
    private final Map<String, Entry> entries;

    private Safetensors(String file, Arena arena, MemorySegment data, Header header) {
        this.file = file;
        this.arena = arena;
        this.data = data;
        this.metadata = header.metadata;
        this.entries = header.entries;
    }

    /**
     * Opens a file.
     *
     * @throws IOException if it cannot be read
     * @throws WeightFormatException if it is not a safetensors file
     */
    public static Safetensors open(Path file) throws IOException {
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            Header header = new Header(file.toString(), all);
            return new Safetensors(file.toString(), arena, all.asSlice(header.dataStart), header);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /**
     * Reads a file that is not on a disk, such as a resource in a jar, into memory. The stream is read to its end and not closed.
     *
     * @param name what messages call it
     * @throws WeightFormatException if it is not a safetensors file
     */
    public static Safetensors read(InputStream stream, String name) throws IOException {
        byte[] content = stream.readAllBytes();
        Arena arena = Arena.ofShared();
        try {
            MemorySegment all = arena.allocate(content.length, /* byteAlignment= */ 64).copyFrom(MemorySegment.ofArray(content));
            Header header = new Header(name, all);
            return new Safetensors(name, arena, all.asSlice(header.dataStart), header);
        } catch (RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    /** The free texts of the file's {@code __metadata__}. */
    public Map<String, String> metadata() {
        return metadata;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(entries.keySet());
    }

    @Override
    public WeightTensor get(String name) {
        Entry entry = entries.get(name);
        if (entry == null) {
            throw new IllegalArgumentException("%s has no tensor '%s'".formatted(file, name));
        }
        DType dtype = dtype(entry.dtype).orElseThrow(() -> new WeightFormatException(
                "%s: tensor '%s' has elements of %s; Toroid reads F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL".formatted(file, name, entry.dtype)));
        return new WeightTensor(name, dtype, entry.shape.clone(), data.asSlice(entry.begin, entry.end - entry.begin));
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }

    private static Optional<DType> dtype(String name) {
        return switch (name) {
            case "F32" -> Optional.of(DType.F32);
            case "F64" -> Optional.of(DType.F64);
            case "I64" -> Optional.of(DType.I64);
            case "I32" -> Optional.of(DType.I32);
            case "I16" -> Optional.of(DType.I16);
            case "I8" -> Optional.of(DType.I8);
            case "U8" -> Optional.of(DType.U8);
            case "F16" -> Optional.of(DType.F16);
            case "BF16" -> Optional.of(DType.BF16);
            case "BOOL" -> Optional.of(DType.BOOL);
            default -> Optional.empty();
        };
    }

    /** The checked header. Messages begin with the file and name the byte or the tensor and field. */
    private static final class Header {
        private final String file;
        private final long dataStart;
        private final long dataBytes;
        private final Map<String, String> metadata = new LinkedHashMap<>();
        private final Map<String, Entry> entries = new LinkedHashMap<>();

        Header(String file, MemorySegment all) {
            this.file = file;
            if (all.byteSize() < 8) {
                throw wrong("has %d bytes, and a safetensors file begins with 8 bytes of length", all.byteSize());
            }
            long length = all.get(JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
            if (length < 0 || length > MAX_HEADER) {
                throw wrong("states a header of %s bytes at byte 0; it is not a safetensors file", Long.toUnsignedString(length));
            }
            if (length > all.byteSize() - 8) {
                throw wrong("states a header of %d bytes at byte 0, but only %d bytes follow: it is cut off", length, all.byteSize() - 8);
            }
            dataStart = 8 + length;
            dataBytes = all.byteSize() - dataStart;
            parse(all.asSlice(8, length).toArray(JAVA_BYTE)).forEach(this::add);
            requireCovered();
        }

        private Map<String, Object> parse(byte[] text) {
            try {
                return HeaderReader.read(text);
            } catch (HeaderReader.SyntaxException e) {
                throw wrong("has a malformed header at byte %d: %s", 8 + e.position(), e.getMessage());
            }
        }

        private void add(String name, Object value) {
            if (!(value instanceof Map<?, ?> fields)) {
                throw wrong("'%s' in the header is not an object", name);
            }
            if (name.equals("__metadata__")) {
                fields.forEach((key, text) -> metadata.put(
                        (String) key, text instanceof String string ? string : fail("__metadata__", (String) key, "is not a string")));
            } else {
                entries.put(name, entry(name, fields));
            }
        }

        private Entry entry(String name, Map<?, ?> fields) {
            String dtype = fields.get("dtype") instanceof String text ? text : fail(name, "dtype", "is missing or not a string");
            long[] shape = numbers(name, "shape", fields.get("shape"));
            long[] offsets = numbers(name, "data_offsets", fields.get("data_offsets"));
            if (!ELEMENT_BYTES.containsKey(dtype)) {
                fail(name, "dtype", "is '" + dtype + "', which is not an element type");
            }
            if (offsets.length != 2 || offsets[0] > offsets[1]) {
                fail(name, "data_offsets", "is not a beginning and an end");
            }
            if (offsets[1] > dataBytes) {
                fail(name, "data_offsets", "ends at byte %d of %d bytes of data".formatted(offsets[1], dataBytes));
            }
            long bytes = bytes(name, shape, ELEMENT_BYTES.get(dtype));
            if (bytes != offsets[1] - offsets[0]) {
                fail(name, "data_offsets", "spans %d bytes, and its shape and dtype need %d".formatted(offsets[1] - offsets[0], bytes));
            }
            return new Entry(name, dtype, shape, offsets[0], offsets[1]);
        }

        private long bytes(String name, long[] shape, long element) {
            try {
                long bytes = element;
                for (long size : shape) {
                    bytes = Math.multiplyExact(bytes, size);
                }
                return bytes;
            } catch (ArithmeticException e) {
                return fail(name, "shape", "is too large");
            }
        }

        private long[] numbers(String name, String field, Object value) {
            if (value instanceof List<?> list && list.stream().allMatch(Long.class::isInstance)) {
                return list.stream().mapToLong(Long.class::cast).toArray();
            }
            return fail(name, field, "is missing or not a list of whole numbers");
        }

        private void requireCovered() {
            List<Entry> order = new ArrayList<>(entries.values());
            order.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
            long end = 0;
            for (Entry entry : order) {
                if (entry.begin != end) {
                    fail(entry.name, "data_offsets", "begins at byte %d of the data, and the tensor before it ends at %d"
                            .formatted(entry.begin, end));
                }
                end = entry.end;
            }
            if (end != dataBytes) {
                throw wrong("has %d bytes of data, and its tensors need %d", dataBytes, end);
            }
        }

        private <T> T fail(String tensor, String field, String what) {
            throw wrong("%s of '%s' %s", field, tensor, what);
        }

        private WeightFormatException wrong(String format, Object... arguments) {
            return new WeightFormatException(file + ": " + format.formatted(arguments));
        }
    }
}
