package io.toroid.processor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.op.TensorData;
import io.toroid.processor.compiled.Batch;
import io.toroid.processor.compiled.GraphCase;
import io.toroid.runtime.ToroidException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs whose sizes the data decide: with memory of the library's, of the caller's, and of the wrong size. */
@Tag("native")
class DataSizedOutputsTest {

    @TempDir
    static Path directory;

    private static NativeModel model;

    @BeforeAll
    static void compile() {
        model = NativeModel.of(new Batch("io.toroid.test.Outputs", List.of(
                GraphCase.several("kept", "f32[n]", x -> List.of(x.get(0).maskedSelect(x.get(0).gt(0)), x.get(0).mul(2))).dim("n", 1, 4),
                GraphCase.of("fails_late", "f32[n], i64[m]", x -> x.get(0).maskedSelect(x.get(0).gt(0)).indexSelect(0, x.get(1))).dim("n", 4).dim("m", 2))),
                directory, /* threads= */ 1);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static TensorData floats(float... values) {
        return TensorData.of(values, values.length);
    }

    @Test
    void oneLibraryGivesAsMuchAsTheDataSay() {
        assertEquals(List.of(floats(3, 1), floats(6, -2, 2)), model.runOwned(0, List.of(floats(3, -1, 1))));
        assertEquals(List.of(floats(), floats(-2, -4)), model.runOwned(0, List.of(floats(-1, -2))));
        assertEquals(List.of(floats(1, 2, 3, 4), floats(2, 4, 6, 8)), model.run(0, List.of(floats(1, 2, 3, 4))));
    }

    @Test
    void memoryOfTheCallersMustHaveTheSizesThatComeOut() {
        List<TensorData> inputs = List.of(floats(3, -1, 1));
        List<TensorData> fitting = List.of(floats(0, 0), floats(0, 0, 0));
        assertEquals(List.of(floats(3, 1), floats(6, -2, 2)), model.run(0, inputs, fitting, NativeModel.Inputs.CONTIGUOUS));
        List<TensorData> larger = List.of(floats(0, 0, 0), floats(0, 0, 0));
        assertEquals("io.toroid.test.Outputs.kept: output 0 'out0' must be f32[u0] but is f32[3]: "
                + "axis 0 (u0) is 3 instead of 2, which the data decide",
                assertThrows(ToroidException.class, () -> model.run(0, inputs, larger, NativeModel.Inputs.CONTIGUOUS)).getMessage());
    }

    @Test
    void aCallThatFailsAfterItsOutputWasMadeGivesNothing() {
        List<TensorData> inputs = List.of(floats(3, -1, 1), TensorData.of(new long[] {1, 2}, 2));
        assertEquals("io.toroid.test.Outputs.fails_late: index_select: index 2 is out of range for axis 0, "
                + "which has 2 elements; index must be at least 0 and less than 2",
                assertThrows(ToroidException.class, () -> model.runOwned(1, inputs)).getMessage());
        assertEquals(List.of(floats(1, 3)), model.runOwned(1, List.of(floats(3, -1, 1), TensorData.of(new long[] {1, 0}, 2))));
    }
}
