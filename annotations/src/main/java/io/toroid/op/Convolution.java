package io.toroid.op;

/**
 * Options of a convolution: {@code Convolution.DEFAULT.stride(2).padding(1)}.
 *
 * @param stride distance of two positions of the kernel
 * @param padding zeros added on either side
 * @param dilation distance of two elements of the kernel
 * @param groups into how many independent parts the channels are divided
 */
public record Convolution(Pair stride, Pair padding, Pair dilation, int groups) {

    /** Stride 1, no padding, no dilation, one group. */
    public static final Convolution DEFAULT = new Convolution(Pair.of(1), Pair.of(0), Pair.of(1), 1);

    public Convolution stride(int stride) {
        return stride(Pair.of(stride));
    }

    public Convolution stride(Pair stride) {
        return new Convolution(stride, padding, dilation, groups);
    }

    public Convolution padding(int padding) {
        return padding(Pair.of(padding));
    }

    public Convolution padding(Pair padding) {
        return new Convolution(stride, padding, dilation, groups);
    }

    public Convolution dilation(int dilation) {
        return dilation(Pair.of(dilation));
    }

    public Convolution dilation(Pair dilation) {
        return new Convolution(stride, padding, dilation, groups);
    }

    public Convolution groups(int groups) {
        return new Convolution(stride, padding, dilation, groups);
    }
}
