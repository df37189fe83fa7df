package io.toroid.processor.weights;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.toroid.runtime.weights.WeightFormatException;
import io.toroid.runtime.weights.WeightTensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("unit")
class OnnxInitializersTest {

    private static final int FLOAT = 1;
    private static final int INT32 = 6;
    private static final int INT64 = 7;
    private static final int BOOL = 9;
    private static final int INT8 = 3;
    private static final int INT16 = 5;
    private static final int FLOAT16 = 10;
    private static final int COMPLEX64 = 14;
    private static final int DOUBLE = 11;

    @TempDir
    private Path directory;

    private static ProtoBytes tensor(String name, int type, long... dims) {
        ProtoBytes tensor = new ProtoBytes();
        for (long size : dims) {
            tensor.varint(1, size);
        }
        return tensor.varint(2, type).text(8, name);
    }

    /** With what a real file has besides: versions, nodes, inputs. */
    private static ProtoBytes model(ProtoBytes... initializers) {
        ProtoBytes graph = new ProtoBytes().message(1, new ProtoBytes().text(1, "x").text(4, "Relu")).text(2, "main_graph");
        for (ProtoBytes initializer : initializers) {
            graph.message(5, initializer);
        }
        graph.message(11, new ProtoBytes().text(1, "x"));
        return new ProtoBytes().varint(1, 8).text(2, "pytorch").message(7, graph)
                .message(8, new ProtoBytes().varint(2, 17));
    }

    private Path file(byte[] content) throws IOException {
        return Files.write(directory.resolve("m.onnx"), content);
    }

    private OnnxInitializers open(ProtoBytes... initializers) throws IOException {
        return OnnxInitializers.open(file(model(initializers).array()));
    }

    private void assertMalformed(String message, ProtoBytes... initializers) throws IOException {
        assertMalformed(message, model(initializers).array());
    }

    private void assertMalformed(String message, byte[] content) throws IOException {
        Path file = file(content);
        String actual = assertThrows(WeightFormatException.class, () -> OnnxInitializers.open(file)).getMessage();
        assertEquals(message, actual.replace(file.toString(), "m.onnx"));
    }

    @Test
    void rawDataOfEveryType() throws IOException {
        try (OnnxInitializers weights = open(
                tensor("f", FLOAT, 2, 3).bytes(9, ProtoBytes.floats(1, 2, 3, 4, 5, -6.5f)),
                tensor("d", DOUBLE, 1).bytes(9, new byte[8]),
                tensor("l", INT64).bytes(9, (byte) 5, (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0, (byte) 0),
                tensor("i", INT32, 1, 1).bytes(9, (byte) -1, (byte) -1, (byte) -1, (byte) -1),
                tensor("b", BOOL, 3).bytes(9, (byte) 1, (byte) 0, (byte) 1),
                tensor("none", FLOAT, 0, 4).bytes(9))) {
            assertEquals(List.of("f", "d", "l", "i", "b", "none"), List.copyOf(weights.names()));
            assertEquals("f32[2, 3] f64[1] i64[] i32[1, 1] bool[3] f32[0, 4]",
                    String.join(" ", weights.names().stream().map(name -> weights.get(name).type()).toList()));
            assertArrayEquals(new float[] {1, 2, 3, 4, 5, -6.5f}, weights.get("f").data().toArray(JAVA_FLOAT_UNALIGNED));
            assertArrayEquals(new long[] {261}, weights.get("l").data().toArray(JAVA_LONG_UNALIGNED));
            assertArrayEquals(new int[] {-1}, weights.get("i").data().toArray(JAVA_INT_UNALIGNED));
            assertArrayEquals(new byte[] {1, 0, 1}, weights.get("b").data().toArray(JAVA_BYTE));
            assertEquals(0, weights.get("none").data().byteSize());
        }
    }

    @Test
    void typedFieldsPackedAndOneByOne() throws IOException {
        try (OnnxInitializers weights = open(
                tensor("packed", FLOAT, 2).bytes(4, ProtoBytes.floats(1.5f, -2)),
                tensor("single", FLOAT, 2).fixed32(4, 1.5f).fixed32(4, -2),
                tensor("d", DOUBLE, 2).fixed64(10, 0.1).fixed64(10, -7),
                tensor("l", INT64, 3).packed(7, 1, -1, Long.MIN_VALUE),
                tensor("i", INT32, 2).varint(5, 300).varint(5, -300),
                tensor("b", BOOL, 3).packed(5, 1, 0, 1),
                tensor("h", FLOAT16, 2).packed(5, 0x3c00, 0xfbff),
                tensor("s", INT16, 1).packed(5, -300),
                tensor("t", INT8, 2).packed(5, -3, 100),
                new ProtoBytes().packed(1, 1, 2).bytes(4, ProtoBytes.floats(3, 4)).text(8, "late").varint(2, FLOAT))) {
            assertArrayEquals(new float[] {1.5f, -2}, weights.get("packed").data().toArray(JAVA_FLOAT_UNALIGNED));
            assertArrayEquals(new float[] {1.5f, -2}, weights.get("single").data().toArray(JAVA_FLOAT_UNALIGNED));
            assertArrayEquals(new double[] {0.1, -7}, weights.get("d").data().toArray(JAVA_DOUBLE_UNALIGNED));
            assertArrayEquals(new long[] {1, -1, Long.MIN_VALUE}, weights.get("l").data().toArray(JAVA_LONG_UNALIGNED));
            assertArrayEquals(new int[] {300, -300}, weights.get("i").data().toArray(JAVA_INT_UNALIGNED));
            assertArrayEquals(new byte[] {1, 0, 1}, weights.get("b").data().toArray(JAVA_BYTE));
            assertArrayEquals(new short[] {0x3c00, (short) 0xfbff}, weights.get("h").data().toArray(JAVA_SHORT_UNALIGNED));
            assertEquals("f16[2]", weights.get("h").type());
            assertArrayEquals(new short[] {-300}, weights.get("s").data().toArray(JAVA_SHORT_UNALIGNED));
            assertArrayEquals(new byte[] {-3, 100}, weights.get("t").data().toArray(JAVA_BYTE));
            WeightTensor late = weights.get("late");
            assertEquals("f32[1, 2]", late.type());
            assertArrayEquals(new float[] {3, 4}, late.data().toArray(JAVA_FLOAT_UNALIGNED));
        }
    }

    @Test
    void anElementTypeThatToroidDoesNotHaveIsRefusedWhenItIsAskedFor() throws IOException {
        try (OnnxInitializers weights = open(
                tensor("wave", COMPLEX64, 1).bytes(9, new byte[8]), tensor("new", 99, 1).bytes(9, (byte) 0))) {
            String wave = assertThrows(WeightFormatException.class, () -> weights.get("wave")).getMessage();
            assertTrue(wave.endsWith("m.onnx: initializer 'wave' has elements of COMPLEX64; "
                    + "Toroid reads FLOAT, DOUBLE, FLOAT16, BFLOAT16, INT64, INT32, INT16, INT8, UINT8 and BOOL"), wave);
            String unknown = assertThrows(WeightFormatException.class, () -> weights.get("new")).getMessage();
            assertTrue(unknown.contains("'new' has elements of the unknown type 99"), unknown);
            String absent = assertThrows(IllegalArgumentException.class, () -> weights.get("absent")).getMessage();
            assertTrue(absent.endsWith("m.onnx has no initializer 'absent'"), absent);
        }
    }

    @Test
    void weightsOutsideTheFileAreRefused() throws IOException {
        String remedy = "says that its values are in another file, which is not read; save the model with its weights inside";
        assertMalformed("m.onnx: external_data of graph.initializer[0] ('big') " + remedy,
                tensor("big", FLOAT, 2).message(13, new ProtoBytes().text(1, "location").text(2, "big.bin")));
        assertMalformed("m.onnx: data_location of graph.initializer[0] ('big') " + remedy, tensor("big", FLOAT, 2).varint(14, 1));
        assertMalformed("m.onnx: graph.sparse_initializer: sparse weights are not read; export the model with dense ones",
                new ProtoBytes().message(7, new ProtoBytes().message(15, new ProtoBytes().varint(3, 2))).array());
    }

    @Test
    void countsThatDoNotFit() throws IOException {
        ProtoBytes good = tensor("good", FLOAT, 1).fixed32(4, 1);
        assertMalformed("m.onnx: raw_data of graph.initializer[1] ('w') has 7 bytes, and its dims [2] need 8",
                good, tensor("w", FLOAT, 2).bytes(9, new byte[7]));
        assertMalformed("m.onnx: float_data of graph.initializer[0] ('w') has 1 elements, and its dims [2] need 2",
                tensor("w", FLOAT, 2).fixed32(4, 1));
        assertMalformed("m.onnx: int64_data of graph.initializer[0] ('w') has 0 elements, and its dims [] need 1", tensor("w", INT64));
        assertMalformed("m.onnx: dims of graph.initializer[0] ('w') has the size -1", tensor("w", FLOAT, -1).bytes(9));
        assertMalformed("m.onnx: dims of graph.initializer[0] ('w') are too large: [4611686018427387904, 4]",
                tensor("w", FLOAT, 1L << 62, 4).bytes(9));
        assertMalformed("m.onnx: two initializers are named 'good'", good, good);
        assertMalformed("m.onnx: name of graph.initializer[0] is missing", new ProtoBytes().varint(2, FLOAT).fixed32(4, 1));
    }

    @Test
    void damagedFiles() throws IOException {
        assertMalformed("m.onnx: there is no graph in it; it is not an ONNX model", new byte[0]);
        assertMalformed("m.onnx: graph is not a message; it is not an ONNX model", new ProtoBytes().varint(7, 1).array());
        assertMalformed("m.onnx: data_type of graph.initializer[0] ('w') has the wire type 2 instead of 0",
                new ProtoBytes().text(8, "w").bytes(2, (byte) 1));
        byte[] whole = model(tensor("w", FLOAT, 2).bytes(9, new byte[8])).array();
        int inData = whole.length - 18;
        String truncated = "While parsing a protocol message, the input ended unexpectedly in the middle of a field.  "
                + "This could mean either that the input has been truncated or that an embedded message misreported its own length.";
        assertMalformed("m.onnx: raw_data of graph.initializer[0] ('w') is malformed at byte %d: %s".formatted(inData, truncated),
                Arrays.copyOf(whole, inData));
        byte[] atName = new ProtoBytes().message(7, new ProtoBytes().message(5, tensor("w", FLOAT).bytes(9, new byte[4]))).array();
        assertMalformed("m.onnx: graph.initializer[0] ('w') is cut off at byte %d, 6 bytes before its end".formatted(atName.length - 6),
                Arrays.copyOf(atName, atName.length - 6));
        byte[] two = model(tensor("a", FLOAT).bytes(9, new byte[4]), tensor("b", FLOAT).bytes(9, new byte[4])).array();
        int second = new String(two, StandardCharsets.ISO_8859_1).indexOf('b') - 6;
        assertMalformed("m.onnx: graph is cut off at byte %d, 18 bytes before its end".formatted(second),
                Arrays.copyOf(two, second));
    }

    /** A file cut off or with a byte changed anywhere is refused with a message or read; nothing else happens. */
    @Test
    void noDamageIsAnInternalError() throws IOException {
        byte[] whole = model(tensor("a", FLOAT, 2, 1).bytes(9, new byte[8]), tensor("b", INT64, 3).packed(7, 1, 2, 3)).array();
        int refused = 0;
        for (int at = 0; at < whole.length; at++) {
            for (int change : new int[] {-1, 0, 0x01, 0x08, 0x80, 0xff}) {
                byte[] damaged = change < 0 ? Arrays.copyOf(whole, at) : whole.clone();
                if (change >= 0) {
                    damaged[at] ^= (byte) change;
                }
                try (OnnxInitializers weights = OnnxInitializers.open(file(damaged))) {
                    weights.names().forEach(name -> readable(weights, name));
                } catch (WeightFormatException e) {
                    assertTrue(e.getMessage().contains("m.onnx: "), e.getMessage());
                    refused++;
                }
            }
        }
        assertTrue(refused > whole.length, refused + " of " + 6 * whole.length);
    }

    private static void readable(OnnxInitializers weights, String name) {
        try {
            assertTrue(weights.get(name).data().byteSize() >= 0);
        } catch (WeightFormatException e) {
            assertTrue(e.getMessage().contains("has elements of"), e.getMessage());
        }
    }
}
