package io.toroid.processor.loop.lower;

import io.toroid.op.Window;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import java.util.List;
import java.util.Optional;

/** How the windows of a pool lie over the last dimensions of its input; {@code i} counts these dimensions. */
sealed interface PoolWindow {

    /** How many of the last dimensions there are. */
    int dims();

    /** Elements of the longest window. */
    Size taps(int i);

    /** Of the first tap of the window at a cell; may be outside. */
    Size start(int i, Size at);

    /** Distance of two taps. */
    long dilation(int i);

    /** The first tap that is inside. */
    Size firstInside(int i, Size at);

    /** What holds for taps that count; nothing where all do. */
    Optional<Scalar.Guarded.Bound> bound(int i, Size at, Size tap);

    /** Index of a tap in the input. */
    default Size position(int i, Size at, Size tap) {
        return start(i, at).plus(tap.times(dilation(i)));
    }

    /** Windows of one size at equal distances. */
    record Fixed(Window window, List<Size> extents, List<Size> cells) implements PoolWindow {

        static Fixed of(Window window, Shape input, Shape result) {
            int dims = window.kernel().size();
            return new Fixed(window, last(input, dims), last(result, dims));
        }

        @Override
        public int dims() {
            return extents.size();
        }

        @Override
        public Size taps(int i) {
            return Size.of(window.kernel().get(i));
        }

        @Override
        public Size start(int i, Size at) {
            return at.times(window.stride().get(i)).minus(window.padding().get(i));
        }

        @Override
        public long dilation(int i) {
            return window.dilation().get(i);
        }

        @Override
        public Size firstInside(int i, Size at) {
            return window.padding().get(i) == 0 ? Size.ZERO : start(i, at).negate().ceilDiv(dilation(i)).max(0);
        }

        @Override
        public Optional<Scalar.Guarded.Bound> bound(int i, Size at, Size tap) {
            return window.padding().get(i) > 0 || !staysInside(i)
                    ? Optional.of(new Scalar.Guarded.Bound(position(i, at, tap), extents.get(i))) : Optional.empty();
        }

        /** Whether the last window ends within the input: not so with ceil mode. */
        private boolean staysInside(int i) {
            Size end = position(i, cells.get(i).minus(1), taps(i).minus(1)).plus(1);
            return extents.get(i).minus(end).isProvablyNonNegative();
        }

        /** Elements in the window, with or without those in the padding; what is beyond the padding never counts. */
        Size count(List<Size> at, boolean countsPadding) {
            Size count = Size.ONE;
            for (int i = 0; i < dims(); i++) {
                Size start = start(i, at.get(i));
                Size end = start.plus(taps(i)).min(extents.get(i).plus(window.padding().get(i)));
                count = count.times(countsPadding ? end.minus(start) : end.min(extents.get(i)).minus(start.max(Size.ZERO)).max(1));
            }
            return count;
        }
    }

    /** Cell {@code i} of {@code n} has the input from {@code floor(i*size/n)} to {@code ceil((i+1)*size/n)}. */
    record Adaptive(List<Size> extents, List<Size> cells) implements PoolWindow {

        /** Of no cells none is computed. */
        static Adaptive of(int dims, Shape input, Shape result) {
            return new Adaptive(last(input, dims), last(result, dims).stream().map(cells -> cells.max(Size.ONE)).toList());
        }

        @Override
        public int dims() {
            return extents.size();
        }

        @Override
        public Size taps(int i) {
            Size size = extents.get(i);
            Size count = cells.get(i);
            return size.isMultipleOf(count) ? size.floorDiv(count) : size.ceilDiv(count).plus(1);
        }

        @Override
        public Size start(int i, Size at) {
            return at.times(extents.get(i)).floorDiv(cells.get(i));
        }

        @Override
        public long dilation(int i) {
            return 1;
        }

        @Override
        public Size firstInside(int i, Size at) {
            return Size.ZERO;
        }

        @Override
        public Optional<Scalar.Guarded.Bound> bound(int i, Size at, Size tap) {
            return Optional.of(new Scalar.Guarded.Bound(tap, length(i, at)));
        }

        private Size length(int i, Size at) {
            return at.plus(1).times(extents.get(i)).ceilDiv(cells.get(i)).minus(start(i, at));
        }

        Size count(List<Size> at) {
            Size count = Size.ONE;
            for (int i = 0; i < dims(); i++) {
                count = count.times(length(i, at.get(i)));
            }
            return count;
        }
    }

    /** The last sizes of a shape. */
    static List<Size> last(Shape shape, int dims) {
        return shape.sizes().subList(shape.rank() - dims, shape.rank());
    }
}
