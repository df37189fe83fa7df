package io.toroid.runtime.eager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.toroid.DType;
import io.toroid.Tensor;
import io.toroid.nn.Functional;
import io.toroid.nn.Functional.Interpolation;
import io.toroid.op.Operator;
import io.toroid.op.Operators;
import io.toroid.op.PoolingOperators;
import io.toroid.op.TensorData;
import io.toroid.op.Window;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the recorded cases leave out: operators without any, and the corners (NaN, wrap-around, empty, halves). */
@Tag("unit")
class MeaningsTest {

    private static final float NAN = Float.NaN;
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    private final Eager eager = Eager.of();

    private Tensor floats(float... values) {
        return eager.tensor(values, values.length);
    }

    private Tensor longs(long... values) {
        return eager.tensor(values, values.length);
    }

    private Tensor ints(int... values) {
        return eager.tensor(values, values.length);
    }

    private Tensor booleans(boolean... values) {
        return eager.tensor(values, values.length);
    }

    private static void assertFloats(Tensor actual, float... expected) {
        assertEquals(TensorData.of(expected, actual.data().sizes()), actual.data());
    }

    private static void assertLongs(Tensor actual, long... expected) {
        assertEquals(TensorData.of(expected, actual.data().sizes()), actual.data());
    }

    private static void assertInts(Tensor actual, int... expected) {
        assertEquals(TensorData.of(expected, actual.data().sizes()), actual.data());
    }

    private static void assertBooleans(Tensor actual, boolean... expected) {
        assertEquals(TensorData.of(expected, actual.data().sizes()), actual.data());
    }

    private static void assertSizes(Tensor actual, long... expected) {
        assertArrayEquals(expected, actual.data().sizes());
    }

    @Test
    void everyOperatorHasAMeaningAndOnlyThose() {
        assertEquals(
                Operators.all().stream().map(Operator::name).collect(Collectors.toCollection(TreeSet::new)),
                new TreeSet<>(Meanings.names()));
    }

    // ---- operators of which nothing is recorded

    /** In PyTorch a scale is forgotten where the size stays, and by the nearest pixel also where it is doubled. */
    @Test
    void scalesThatLeaveTheSizeDoNotCount() {
        Tensor two = eager.tensor(new float[] {0, 1}, 1, 1, 2, 1);
        assertFloats(Functional.interpolate(two, 1.25, 1, Interpolation.NEAREST, false), 0, 1);
        assertFloats(Functional.interpolate(two, 1.25, 1, Interpolation.BILINEAR, false), 0, 1);
        Tensor five = eager.tensor(new float[] {0, 1, 2, 3, 4}, 1, 1, 5, 1);
        assertFloats(Functional.interpolate(five, 2.1, 1, Interpolation.NEAREST, false), 0, 0, 1, 1, 2, 2, 3, 3, 4, 4);
        assertFloats(Functional.interpolate(five, 2.25, 1, Interpolation.NEAREST, false), 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4);
    }

    @Test
    void linearIsAProductWithTheTransposedWeight() {
        Tensor weight = eager.tensor(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
        Tensor input = eager.tensor(new float[] {1, 10, 2, 20}, 1, 2, 2);
        Tensor product = input.linear(weight);
        assertSizes(product, 1, 2, 3);
        assertFloats(product, 21, 43, 65, 42, 86, 130);
        assertFloats(input.linear(weight, floats(100, 200, 300)), 121, 243, 365, 142, 286, 430);
    }

    @Test
    void allAndAnyTakeNumbersForTruth() {
        Tensor matrix = eager.tensor(new float[] {1, NAN, 0, 2}, 2, 2);
        assertBooleans(matrix.all(), false);
        assertBooleans(matrix.all(1), true, false);
        assertBooleans(matrix.any(0), true, true);
        assertBooleans(eager.tensor(new float[0], 0).all(), true);
        assertBooleans(eager.tensor(new float[0], 0).any(), false);
    }

    @Test
    void extremesOfAllElements() {
        assertFloats(floats(2, -3, 1).max(), 2);
        assertFloats(floats(2, -3, 1).min(), -3);
        assertFloats(floats(2, NAN, 1).max(), NAN);
        assertInts(ints(Integer.MIN_VALUE, 4).min(), Integer.MIN_VALUE);
        assertBooleans(booleans(false, true).max(), true);
    }

    @Test
    void sumsOfAllElements() {
        assertFloats(floats(1, 2, 3.5f).sum(), 6.5f);
        assertLongs(ints(Integer.MAX_VALUE, 1).sum(), 1L + Integer.MAX_VALUE);
        assertLongs(booleans(true, false, true).sum(), 2);
        assertFloats(eager.tensor(new float[0], 0).sum(), 0);
    }

    @Test
    void transposesExchangeDimensions() {
        Tensor matrix = eager.tensor(new long[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertLongs(matrix.t(), 1, 4, 2, 5, 3, 6);
        assertSizes(matrix.t(), 3, 2);
        Tensor cube = Tensor.arange(8).view(2, 2, 2).add(longs(0));
        assertLongs(cube.transpose(0, -1), 0, 4, 2, 6, 1, 5, 3, 7);
        assertLongs(longs(1, 2).t(), 1, 2);
    }

    @Test
    void squeezeDropsSizesOfOne() {
        assertSizes(eager.tensor(new float[2], 1, 2, 1).squeeze(), 2);
    }

    @Test
    void divisionByANumberRounds() {
        assertLongs(longs(7, -7).floorDiv(2), 3, -4);
        assertLongs(longs(7, -7).truncDiv(2), 3, -3);
        assertFloats(floats(7, -7).floorDiv(2), 3, -4);
        assertFloats(floats(7, -7).truncDiv(2), 3, -3);
    }

    // ---- corners of arithmetic

    @Test
    void integersWrapAround() {
        assertInts(ints(Integer.MAX_VALUE).add(1), Integer.MIN_VALUE);
        assertInts(ints(Integer.MIN_VALUE).neg(), Integer.MIN_VALUE);
        assertInts(ints(Integer.MIN_VALUE).abs(), Integer.MIN_VALUE);
        assertLongs(longs(Long.MAX_VALUE).mul(2), -2);
        assertLongs(longs(3, -1, 2, 1).pow(longs(41, -3, -1, -1)), -420491770248316829L, -1, 0, 1);
    }

    @Test
    void aNumberIsRoundedToTheTypeOfTheTensor() {
        assertBooleans(floats(0.1f).eq(0.1), true);
        assertFloats(floats(16777216).add(0.9999), 16777216 + 0.9999f);
    }

    @Test
    void integersBecomeFloatsBeforeTheyAreDivided() {
        assertFloats(longs(16777217).div(longs(1)), 16777216);
        assertEquals(DType.F32, longs(1).div(2).dtype());
    }

    @Test
    void remainderHasTheSignOfTheDivisor() {
        assertFloats(floats(5, -5, 5, -5, 1).remainder(floats(3, 3, -3, -3, INFINITY)), 2, 1, -1, -2, 1);
        assertLongs(longs(5, -5, 5, -5).remainder(longs(3, 3, -3, -3)), 2, 1, -1, -2);
        assertFloats(floats(1).remainder(0), NAN);
    }

    @Test
    void powersAreThoseOfC() {
        assertFloats(floats(1, NAN, -1, 0, -8).pow(floats(NAN, 0, INFINITY, -1, 1 / 3f)), 1, 1, 1, INFINITY, NAN);
    }

    @Test
    void halvesRoundToTheEvenNumber() {
        assertFloats(floats(0.5f, 1.5f, 2.5f, -0.5f, -1.5f).round(), 0, 2, 2, -0f, -2);
    }

    @Test
    void notANumberSpreads() {
        assertFloats(floats(NAN, 1).maximum(floats(0, NAN)), NAN, NAN);
        assertFloats(floats(NAN, 1).minimum(floats(0, NAN)), NAN, NAN);
        assertFloats(floats(NAN, -1, 2).relu(), NAN, 0, 2);
        assertFloats(floats(NAN, -1, 2).clamp(0, 1), NAN, 0, 1);
        assertFloats(floats(NAN, -2).sign(), 0, -1);
        assertBooleans(floats(NAN, 1).isnan(), true, false);
    }

    @Test
    void comparisonsWithNotANumberAreFalseExceptNe() {
        Tensor x = floats(NAN);
        assertBooleans(x.eq(x), false);
        assertBooleans(x.ne(x), true);
        assertBooleans(x.lt(1), false);
        assertBooleans(x.le(1), false);
        assertBooleans(x.gt(1), false);
        assertBooleans(x.ge(1), false);
    }

    @Test
    void largeIntegersAreComparedExactly() {
        assertBooleans(longs(Long.MAX_VALUE).eq(longs(Long.MAX_VALUE - 1)), false);
    }

    @Test
    void geluIsAccurateFarToTheLeft() {
        Tensor x = eager.tensor(new double[] {-6, -12}, 2);
        double[] values = x.gelu().data().doubles();
        assertEquals(-6 * 9.86587645037698e-10, values[0], 1e-22);
        assertEquals(-12 * 1.776482112077679e-33, values[1], 1e-45);
    }

    // ---- corners of conversions

    @Test
    void conversionsFollowC() {
        assertLongs(floats(2.9f, -2.9f).to(DType.I64), 2, -2);
        assertInts(longs(1L + Integer.MAX_VALUE).to(DType.I32), Integer.MIN_VALUE);
        assertBooleans(floats(0, -0f, NAN, 0.5f).to(DType.BOOL), false, false, true, true);
        assertFloats(booleans(true, false).to(DType.F32), 1, 0);
        assertFloats(longs(Long.MAX_VALUE - 1).to(DType.F32), 0x1p63f);
    }

    /** By way of double the last bit is lost, and what lay above the half between two floats falls to the even one below. */
    @Test
    void integersBecomeFloatsInOneRounding() {
        long justAboveHalf = (1L << 60) + (1L << 36) + 1;
        assertFloats(longs(justAboveHalf).to(DType.F32), (float) justAboveHalf);
        assertEquals(0x1.000002p60f, (float) justAboveHalf);
    }

    // ---- corners of reductions

    @Test
    void theFirstExtremeCounts() {
        assertLongs(floats(1, 3, 3).argmax(0), 1);
        assertLongs(floats(2, 1, 1).argmin(0), 1);
        assertLongs(floats(5, NAN, NAN).argmax(0), 1);
        assertLongs(floats(-5, NAN, -7).argmin(0), 1);
        assertLongs(floats(1, NAN).max(0).indices(), 1);
        assertFloats(floats(1, NAN).max(0).values(), NAN);
    }

    @Test
    void argmaxOfAllCountsInRowMajorOrder() {
        assertLongs(eager.tensor(new float[] {1, 2, 9, 4}, 2, 2).argmax(), 2);
    }

    @Test
    void softmaxOfNothingButNegativeInfinityIsNotANumber() {
        assertFloats(floats(-INFINITY, -INFINITY).softmax(0), NAN, NAN);
        assertFloats(floats(0, -INFINITY).softmax(0), 1, 0);
        assertFloats(floats(1000, 1000).softmax(0), 0.5f, 0.5f);
    }

    @Test
    void theVarianceOfOneElementIsNotANumber() {
        assertFloats(floats(3).var(0), NAN);
        assertFloats(floats(1, 3).var(0), 2);
    }

    @Test
    void sumsAreAccumulatedWithoutLoss() {
        assertFloats(floats(1e8f, 1, -1e8f).sum(), 1);
    }

    // ---- corners of views and windows

    @Test
    void slicesAreClamped() {
        Tensor x = longs(0, 1, 2, 3, 4);
        assertLongs(x.slice(0, -2, 100), 3, 4);
        assertLongs(x.slice(0, -100, 2), 0, 1);
        assertLongs(x.slice(0, 1, 5, 3), 1, 4);
        assertSizes(x.slice(0, 4, 2), 0);
    }

    @Test
    void poolingPrefersNotANumberAndIgnoresPadding() {
        Tensor image = eager.tensor(new float[] {-1, NAN, -3, -4}, 1, 1, 2, 2);
        assertFloats(image.maxPool2d(Window.of(2)), NAN);
        Tensor padded = eager.tensor(new float[] {-1, -2, -3, -4}, 1, 1, 2, 2)
                .maxPool2d(Window.of(2).stride(2).padding(1));
        assertFloats(padded, -1, -2, -3, -4);
    }

    /** As PyTorch gives it; in its ceil mode a dilated window may step over a small image, and its first tap lies behind it. */
    @Test
    void windowsWithoutElementsHaveTheLeastValue() {
        List<Tensor> floating = PoolingOperators.MAX_POOL2D_WITH_INDICES.callAll(eager.tensor(new float[] {1, 2, 3, 4}, 1, 2, 2),
                List.of(2, 2), List.of(2, 2), List.of(1, 1), List.of(3, 3), true);
        assertFloats(floating.get(0), Float.NEGATIVE_INFINITY);
        assertLongs(floating.get(1), 6);
        assertLongs(PoolingOperators.MAX_POOL2D_WITH_INDICES.call(longs(1, 2, 3, 4).view(1, 2, 2),
                List.of(2, 2), List.of(2, 2), List.of(1, 1), List.of(3, 3), true), Long.MIN_VALUE);
    }

    @Test
    void joiningPromotes() {
        assertFloats(Tensor.cat(0, longs(1), floats(2.5f)), 1, 2.5f);
        assertLongs(Tensor.stack(1, longs(1, 2), longs(3, 4)), 1, 3, 2, 4);
    }

    @Test
    void matmulBroadcastsBatches() {
        Tensor left = eager.tensor(new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 1, 2, 2);
        Tensor right = eager.tensor(new double[] {1, 0, 0, 1, 0, 1, 1, 0}, 2, 2, 2);
        Tensor product = left.matmul(right);
        assertSizes(product, 2, 2, 2, 2);
        assertArrayEquals(new double[] {1, 2, 3, 4, 2, 1, 4, 3, 5, 6, 7, 8, 6, 5, 8, 7}, product.data().doubles());
        assertEquals(11, eager.tensor(new double[] {1, 2}, 2).matmul(eager.tensor(new double[] {3, 4}, 2)).item());
    }
}
