package io.toroid.runtime.eager;

import java.util.Arrays;

/**
 * A window that moves over images: sizes of the image and of the window's positions, and how it moves. What
 * convolutions and pooling share.
 */
record Plane(int height, int width, int rows, int columns, int[] kernel, int[] stride, int[] padding, int[] dilation) {

    static Plane of(Invocation call, long[] image, int[] kernel) {
        long[] result = call.sizes();
        return new Plane(
                (int) image[image.length - 2], (int) image[image.length - 1],
                (int) result[result.length - 2], (int) result[result.length - 1],
                kernel,
                pair(call, "stride", kernel), pair(call, "padding", new int[] {0, 0}), pair(call, "dilation", new int[] {1, 1}));
    }

    /** Two numbers, height and width; one stands for both. */
    static int[] pair(Invocation call, String parameter, int[] absent) {
        if (!call.has(parameter)) {
            return absent;
        }
        int[] given = call.arguments().integers(parameter);
        return switch (given.length) {
            case 0 -> absent;
            case 1 -> new int[] {given[0], given[0]};
            default -> given;
        };
    }

    /** The row of the image under a row of the window; outside the image in the padding. */
    int rowAt(int row, int inKernel) {
        return row * stride[0] - padding[0] + inKernel * dilation[0];
    }

    int columnAt(int column, int inKernel) {
        return column * stride[1] - padding[1] + inKernel * dilation[1];
    }

    boolean isInside(int y, int x) {
        return y >= 0 && y < height && x >= 0 && x < width;
    }

    /** Number of elements of a plane of the image. */
    int size() {
        return height * width;
    }

    /** How many planes, of all channels of all images, there are in the sizes. */
    static int count(long[] sizes) {
        return Positions.count(Arrays.copyOf(sizes, sizes.length - 2));
    }
}
