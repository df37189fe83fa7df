package io.toroid.runtime.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.DType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class SafetensorsTest {
    @TempDir
    Path directory;

    @Test
    void whatIsWrittenReadsBack() throws IOException {
        Path file = directory.resolve("all.safetensors");
        SafetensorsWriter.write(file, List.of(
                new WeightTensor("a.weight", DType.F32, new long[] {2, 3}, MemorySegment.ofArray(new float[] {1, 2, 3, 4, 5, 6})),
                new WeightTensor("é \"quoted\"\n", DType.F64, new long[] {}, MemorySegment.ofArray(new double[] {0.5})),
                new WeightTensor("long", DType.I64, new long[] {1}, MemorySegment.ofArray(new long[] {-1})),
                new WeightTensor("int", DType.I32, new long[] {2, 0}, MemorySegment.ofArray(new int[0])),
                new WeightTensor("half", DType.F16, new long[] {1}, MemorySegment.ofArray(new short[] {0x3c00})),
                new WeightTensor("brain", DType.BF16, new long[] {1}, MemorySegment.ofArray(new short[] {0x3f80})),
                new WeightTensor("short", DType.I16, new long[] {1}, MemorySegment.ofArray(new short[] {-2})),
                new WeightTensor("byte", DType.I8, new long[] {1}, MemorySegment.ofArray(new byte[] {-3})),
                new WeightTensor("octet", DType.U8, new long[] {1}, MemorySegment.ofArray(new byte[] {-4})),
                new WeightTensor("flag", DType.BOOL, new long[] {3}, MemorySegment.ofArray(new byte[] {1, 0, 1}))));
        try (Safetensors weights = Safetensors.open(file)) {
            assertEquals(List.of("a.weight", "é \"quoted\"\n", "long", "int", "half", "brain", "short", "byte", "octet", "flag"), List.copyOf(weights.names()));
            WeightTensor a = weights.get("a.weight");
            assertEquals("f32[2, 3]", a.type());
            assertEquals(0, a.data().address() % 64);
            assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, a.data().toArray(JAVA_FLOAT_UNALIGNED));
            for (String type : List.of("half f16[1]", "brain bf16[1]", "short i16[1]", "byte i8[1]", "octet u8[1]")) {
                String name = type.substring(0, type.indexOf(' '));
                assertEquals(type, name + " " + weights.get(name).type());
            }
            assertArrayEquals(new byte[] {-4}, weights.get("octet").data().toArray(JAVA_BYTE));
            assertEquals("f64[]", weights.get("é \"quoted\"\n").type());
            assertEquals("i32[2, 0]", weights.get("int").type());
            assertEquals(3, weights.get("flag").data().byteSize());
            assertEquals(
                    file + " has no tensor 'b'", assertThrows(IllegalArgumentException.class, () -> weights.get("b")).getMessage());
        }
    }

    @Test
    void aStreamReadsAsTheFileDoes() throws IOException {
        Path file = directory.resolve("streamed.safetensors");
        SafetensorsWriter.write(file, List.of(
                new WeightTensor("a", DType.F32, new long[] {2}, MemorySegment.ofArray(new float[] {1, 2}))));
        try (InputStream stream = Files.newInputStream(file); Safetensors weights = Safetensors.read(stream, "digits.jar!/a")) {
            assertArrayEquals(new float[] {1, 2}, weights.get("a").data().toArray(JAVA_FLOAT_UNALIGNED));
            assertEquals(
                    "digits.jar!/a has no tensor 'b'", assertThrows(IllegalArgumentException.class, () -> weights.get("b")).getMessage());
        }
        try (InputStream empty = InputStream.nullInputStream()) {
            assertEquals("none: has 0 bytes, and a safetensors file begins with 8 bytes of length",
                    assertThrows(WeightFormatException.class, () -> Safetensors.read(empty, "none")).getMessage());
        }
    }

    @Test
    void theDataEndsWithTheSource() throws IOException {
        Path file = write("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4);
        Safetensors weights = Safetensors.open(file);
        MemorySegment data = weights.get("a").data();
        weights.close();
        weights.close();
        assertFalse(data.scope().isAlive());
    }

    @Test
    void metadataAndSpaces() throws IOException {
        Path file = write(" { \"__metadata__\" : {\"format\":\"pt\", \"\\u0041\":\"\\/\\t\"} ,\n\"a\":{\"shape\":[],\"data_offsets\":[0,8],\"dtype\":\"I64\"}}   ", 8);
        try (Safetensors weights = Safetensors.open(file)) {
            assertEquals(Map.of("format", "pt", "A", "/\t"), weights.metadata());
            assertEquals(List.of("a"), List.copyOf(weights.names()));
        }
    }

    @Test
    void elementTypesThatToroidDoesNotHaveAreRefusedOnUse() throws IOException {
        Path file = write("{\"a\":{\"dtype\":\"C64\",\"shape\":[2],\"data_offsets\":[0,16]}}", 16);
        try (Safetensors weights = Safetensors.open(file)) {
            assertEquals(
                    file + ": tensor 'a' has elements of C64; Toroid reads F64, F32, F16, BF16, I64, I32, I16, I8, U8 and BOOL",
                    assertThrows(WeightFormatException.class, () -> weights.get("a")).getMessage());
        }
    }

    @Test
    void filesThatAreCutOffOrOfAnotherKind() throws IOException {
        Path file = directory.resolve("bad");
        assertThrows(NoSuchFileException.class, () -> Safetensors.open(file));
        Files.write(file, new byte[7]);
        refused("has 7 bytes, and a safetensors file begins with 8 bytes of length", file);
        Files.write(file, ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN).putLong(13).array());
        refused("states a header of 13 bytes at byte 0, but only 12 bytes follow: it is cut off", file);
        Files.writeString(file, "PK\3\4 a zip file of some sort");
        refused("states a header of 8800140462016121680 bytes at byte 0; it is not a safetensors file", file);
        Files.write(file, ByteBuffer.allocate(20).putLong(-1).array());
        refused("states a header of 18446744073709551615 bytes at byte 0; it is not a safetensors file", file);
    }

    @Test
    void malformedHeaders() throws IOException {
        malformed(8, "expected '{'", "[]");
        malformed(8, "expected '{'", "");
        malformed(10, "the header goes on after its end", "{}x");
        malformed(9, "expected '\"'", "{a:1}");
        malformed(13, "expected ':'", "{\"a\" 1}");
        malformed(13, "expected an object, an array, a string or a number", "{\"a\":null}");
        malformed(13, "expected an object, an array, a string or a number", "{\"a\":-1}");
        malformed(13, "expected a whole number", "{\"a\":1.5}");
        malformed(13, "expected a whole number", "{\"a\":01}");
        malformed(13, "the number is too large", "{\"a\":99999999999999999999}");
        malformed(15, "expected '}'", "{\"a\":1 ");
        malformed(15, "expected ']'", "{\"a\":[1");
        malformed(13, "the string does not end", "{\"aaa");
        malformed(12, "an escape that JSON does not have", "{\"\\x\":1}");
        malformed(12, "expected four hexadecimal digits", "{\"\\" + "ug123\":1}");
        malformed(10, "a control character in a string", "{\"\n\":1}");
        malformed(15, "the key \"a\" occurs twice", "{\"a\":1,\"a\":2}");
        malformed(29, "objects and arrays are nested too deeply", "{\"a\":" + "[".repeat(17) + "]".repeat(17) + "}");
    }

    @Test
    void stringsThatAreNotUtf8() throws IOException {
        byte[] header = {'{', '"', (byte) 0xff, '"', ':', '1', '}'};
        Path file = directory.resolve("utf8");
        Files.write(file, ByteBuffer.allocate(15).order(ByteOrder.LITTLE_ENDIAN).putLong(7).put(header).array());
        refused("has a malformed header at byte 10: a string that is not UTF-8", file);
    }

    private void malformed(int position, String problem, String header) throws IOException {
        refused("has a malformed header at byte %d: %s".formatted(position, problem), write(header, 0));
    }

    @Test
    void wrongFields() throws IOException {
        wrong("'a' in the header is not an object", "\"a\":[]");
        wrong("dtype of 'a' is missing or not a string", "\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}");
        wrong("dtype of 'a' is 'F31', which is not an element type", "\"a\":{\"dtype\":\"F31\",\"shape\":[1],\"data_offsets\":[0,4]}");
        wrong("shape of 'a' is missing or not a list of whole numbers", "\"a\":{\"dtype\":\"F32\",\"shape\":[\"1\"],\"data_offsets\":[0,4]}");
        wrong("data_offsets of 'a' is not a beginning and an end", "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,0]}");
        wrong("data_offsets of 'a' is not a beginning and an end", "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4]}");
        wrong("data_offsets of 'a' ends at byte 12 of 8 bytes of data", "\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,12]}");
        wrong(
                "data_offsets of 'a' spans 8 bytes, and its shape and dtype need 4", "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}");
        wrong("shape of 'a' is too large", "\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,8]}");
        wrong("has 8 bytes of data, and its tensors need 4", "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}");
        wrong(
                "data_offsets of 'b' begins at byte 4 of the data, and the tensor before it ends at 8",
                "\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]},\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}");
        wrong(
                "data_offsets of 'a' begins at byte 4 of the data, and the tensor before it ends at 0",
                "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}");
        wrong("format of '__metadata__' is not a string", "\"__metadata__\":{\"format\":1}");
    }

    private void wrong(String problem, String members) throws IOException {
        refused(problem, write("{" + members + "}", 8));
    }

    private static void refused(String problem, Path file) {
        assertEquals(file + ": " + problem, assertThrows(WeightFormatException.class, () -> Safetensors.open(file)).getMessage());
    }

    private Path write(String header, int dataBytes) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        Path file = directory.resolve("test.safetensors");
        Files.write(file, ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text).array());
        return file;
    }
}
