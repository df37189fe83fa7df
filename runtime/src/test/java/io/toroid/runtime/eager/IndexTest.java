package io.toroid.runtime.eager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.toroid.DType;
import io.toroid.Index;
import io.toroid.Tensor;
import io.toroid.TensorException;
import io.toroid.op.ScatterOperators;
import io.toroid.shape.Shape;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What stands between PyTorch's brackets, and what is said where it does not fit. */
@Tag("unit")
class IndexTest {

    private final Eager eager = Eager.of();
    private final Tensor cube = eager.tensor(IntStream.range(0, 24).asLongStream().toArray(), 2, 3, 4);
    private final Tensor places = eager.tensor(new long[] {1, -1}, 2);

    private static void assertIs(long[] sizes, long[] values, Tensor tensor) {
        assertArrayEquals(sizes, tensor.shape().toArray());
        assertArrayEquals(values, tensor.data().longs());
    }

    @Test
    void indicesTakeThePlaceOfNeighbouringDimensionsAndElseComeFirst() {
        assertEquals(Shape.of(2, 2), cube.index(Index.all(), Index.at(places), Index.at(places)).shape());
        assertEquals(Shape.of(2, 3), cube.index(Index.at(places), Index.all(), Index.at(places)).shape());
        assertEquals(Shape.of(2, 2, 4), cube.index(Index.all(), Index.at(places)).shape());
        assertIs(new long[] {2, 2}, new long[] {5, 11, 17, 23}, cube.index(Index.all(), Index.at(places), Index.at(places)));
        assertIs(new long[] {2, 3}, new long[] {13, 17, 21, 15, 19, 23}, cube.index(Index.at(places), Index.all(), Index.at(places)));
    }

    @Test
    void numbersSlicesAndNewAxesAreViews() {
        assertIs(new long[] {4}, new long[] {20, 21, 22, 23}, cube.index(Index.at(-1), Index.at(2)));
        assertIs(new long[] {2, 1, 3, 2}, new long[] {1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23},
                cube.index(Index.all(), Index.newAxis(), Index.rest(), Index.slice(1, 4, 2)));
        assertIs(new long[] {2, 1}, new long[] {11, 23}, cube.index(Index.rest(), Index.from(-1), Index.at(3)));
    }

    @Test
    void valuesAreWrittenWhereTheyWouldBeRead() {
        Tensor written = cube.indexPut(eager.tensor(new long[] {-7}), /* accumulate= */ false, Index.rest(), Index.at(places));
        assertEquals(-7, written.index(Index.at(1), Index.at(2), Index.at(1)).data().longs()[0]);
        assertEquals(20, written.index(Index.at(1), Index.at(2), Index.at(0)).data().longs()[0]);
        Tensor twice = cube.indexPut(eager.tensor(new long[] {100}), /* accumulate= */ true, Index.at(1), Index.at(eager.tensor(new long[] {0, 0}, 2)));
        assertEquals(212, twice.index(Index.at(1), Index.at(0), Index.at(0)).data().longs()[0]);
    }

    /** {@code cube[-1, :, places] = values}, where PyTorch selects {@code cube[-1]} first: the values are [3, 2], not [2, 3]. */
    @Test
    void aNumberBeforeAWholeDimensionDoesNotPartTheIndices() {
        Index[] indices = {Index.at(-1), Index.all(), Index.at(places)};
        Tensor written = cube.indexPut(eager.tensor(new long[] {-1, -2, -3, -4, -5, -6}, 3, 2), /* accumulate= */ false, indices);
        assertEquals(Shape.of(3, 2), cube.index(indices).shape());
        assertIs(new long[] {3, 2}, new long[] {-1, -2, -3, -4, -5, -6}, written.index(indices));
        assertIs(new long[] {3, 4}, LongStream.range(0, 12).toArray(), written.select(0, 0));
        Tensor square = cube.slice(1, 0, 2, 1).indexPut(eager.tensor(new long[] {-1, -2, -3, -4}, 2, 2), /* accumulate= */ false, indices);
        assertIs(new long[] {2, 2}, new long[] {-1, -2, -3, -4}, square.index(indices));
    }

    /** The cube holds 0 to 23. */
    @Test
    void aMaskStandsForThePlacesWhereItHolds() {
        Tensor rows = eager.tensor(new boolean[] {false, true}, 2);
        Tensor plane = eager.tensor(new boolean[] {true, false, false, false, false, true}, 2, 3);
        assertIs(new long[] {1, 3, 4}, LongStream.range(12, 24).toArray(), cube.index(Index.at(rows)));
        assertIs(new long[] {2, 4}, new long[] {0, 1, 2, 3, 20, 21, 22, 23}, cube.index(Index.at(plane)));
        assertIs(new long[] {2}, new long[] {3, 23}, cube.index(Index.at(plane), Index.at(3)));
        assertIs(new long[] {2, 1, 3}, new long[] {12, 16, 20, 15, 19, 23},
                cube.permute(2, 0, 1).index(Index.at(eager.tensor(new boolean[] {true, false, false, true}, 4)), Index.slice(1, 2)));
        Tensor written = cube.indexPut(eager.tensor(new long[] {-1, -2}, 2, 1), /* accumulate= */ false, Index.at(plane));
        assertIs(new long[] {2, 4}, new long[] {-1, -1, -1, -1, -2, -2, -2, -2}, written.index(Index.at(plane)));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Tensor far = eager.tensor(new long[] {3}, 1);
        assertMessage("index: index 3 is out of range for axis 1, which has 3 elements; indices[1] must be at least -3 and less than 3",
                () -> cube.index(Index.all(), Index.at(far)));
        assertMessage("index: there are indices for 4 dimensions, but i64[2, 3, 4] has 3",
                () -> cube.index(Index.all(), Index.all(), Index.all(), Index.at(0)));
        assertMessage("index: Index.rest() may stand once, not 2 times", () -> cube.index(Index.rest(), Index.at(0), Index.rest()));
        assertMessage("indexPut: takes Index.all(), Index.at and Index.rest(); name the places of a slice with Tensor.arange, or use selectScatter",
                () -> cube.indexPut(far, false, Index.slice(0, 1)));
        assertMessage("index: the mask bool[3] does not fit i64[2, 3, 4] in dimension 0",
                () -> cube.index(Index.at(eager.tensor(new boolean[3], 3))));
        assertMessage("index: there are indices for 4 dimensions, but i64[2, 3, 4] has 3",
                () -> cube.index(Index.all(), Index.all(), Index.at(eager.tensor(new boolean[4], 4, 1))));
        assertMessage("index: indices must be integers, not f32[2]; convert them with .to(DType.I64)",
                () -> cube.index(Index.at(eager.tensor(new float[2], 2))));
        assertMessage("index: i64[2] and i64[3] do not broadcast: at dimension -1 (from the last) the sizes are 2 and 3; "
                        + "they must be equal or one of them 1 (reshape or unsqueeze one)",
                () -> cube.index(Index.at(places), Index.at(eager.tensor(new long[3], 3))));
    }

    @Test
    void integersAreAddedAsOftenAsAWholeNumberSays() {
        Tensor ones = eager.tensor(new long[] {1, 1, 1}, 3);
        Tensor twice = eager.tensor(new long[] {0, 1, 1}, 3);
        assertIs(new long[] {3}, new long[] {0, -1, 1}, ScatterOperators.INDEX_ADD.call(ones, 0, twice, ones, -1.5));
        assertMessage("indexAdd: alpha must be from 0 to 255 for u8, not -1.5; choose a wider type",
                () -> ScatterOperators.INDEX_ADD.call(ones.to(DType.U8), 0, twice, ones.to(DType.U8), -1.5));
    }

    @Test
    void moreCannotBeScatteredThanTheSourceHas() {
        Tensor ones = eager.tensor(new long[] {1, 1, 1}, 3);
        Tensor single = Tensor.full(DType.I64, 5);
        Tensor places = eager.tensor(new long[] {2, 0}, 2);
        assertIs(new long[] {3}, new long[] {1, 1, 6}, ones.scatterAdd(0, places.slice(0, 0, 1), single));
        assertMessage("scatterAdd: index i64[2] is larger than src i64[], a single value", () -> ones.scatterAdd(0, places, single));
        assertMessage("scatter: value must be from -128 to 127 for i8, not 128.0; choose a wider type",
                () -> ScatterOperators.SCATTER_VALUE.call(ones.to(DType.I8), 0, places, 128));
    }

    @Test
    void stridesAreThoseOfWhatATensorIsAViewOf() {
        assertIs(new long[] {2, 2}, new long[] {12, 16, 13, 17}, cube.select(0, 1).asStrided(new long[] {2, 2}, 1, 4));
        assertIs(new long[] {3}, new long[] {0, 1, 2}, cube.permute(2, 1, 0).asStrided(new long[] {3}, 1));
        assertIs(new long[] {3}, new long[] {0, 1, 2}, cube.permute(2, 1, 0).unsqueeze(0).asStrided(new long[] {3}, 1));
        assertIs(new long[] {3}, new long[] {1, 2, 3}, cube.slice(2, 1, 3).view(1, 6, 2).asStrided(new long[] {3}, 1));
        assertIs(new long[] {3}, new long[] {4, 5, 6}, cube.slice(1, 1, 2).squeeze(1).asStrided(new long[] {3}, 1));
        assertIs(new long[] {3}, new long[] {0, 12, 4}, cube.permute(2, 1, 0).reshape(24).asStrided(new long[] {3}, 1));
        assertIs(new long[] {3}, new long[] {0, 1, 4}, cube.slice(2, 0, 2).reshape(12).asStrided(new long[] {3}, 1));
        assertMessage("asStrided: sizes [3], strides [12] and offset 0 reach element 24, but i64[2, 3, 4] has 24",
                () -> cube.asStrided(new long[] {3}, 12));
        assertMessage("asStrided: strides [-1] must not be negative", () -> cube.asStrided(new long[] {3}, -1));
        assertMessage("asStrided: cannot tell where the elements of diagonal's result lie; call it on what that is a view of",
                () -> cube.diagonal().asStrided(new long[] {1}, 1));
        assertMessage("asStrided: cannot tell where the elements of view's result lie; call it on what that is a view of",
                () -> cube.select(0, 1).view(DType.F64).asStrided(new long[] {1}, 1));
        assertEquals(DType.F64, cube.view(DType.F64).asStrided(new long[] {1}, 1).dtype());
    }

    private static void assertMessage(String message, Runnable call) {
        assertEquals(message, assertThrows(TensorException.class, call::run).getMessage());
    }
}
