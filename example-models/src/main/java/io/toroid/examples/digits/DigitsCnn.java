package io.toroid.examples.digits;

import io.toroid.Dim;
import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.Spec;
import io.toroid.Tensor;
import io.toroid.nn.BatchNorm2d;
import io.toroid.nn.Conv2d;
import io.toroid.nn.Linear;
import io.toroid.nn.MaxPool2d;
import io.toroid.op.Convolution;

/** Hand-written digits with two convolutions: an image has one channel of 8x8 pixels, from 0 (white) to 1 (black). */
@Model(weights = "weights/digits-cnn.safetensors")
public class DigitsCnn {
    private final Conv2d conv1 = new Conv2d(1, 16, 3, Convolution.DEFAULT.padding(1));
    private final BatchNorm2d bn1 = new BatchNorm2d(16);
    private final Conv2d conv2 = new Conv2d(16, 32, 3, Convolution.DEFAULT.padding(1));
    private final BatchNorm2d bn2 = new BatchNorm2d(32);
    private final MaxPool2d pool = new MaxPool2d(2);
    private final Linear fc = new Linear(128, 10);

    /** Scores of the ten digits for each image; the largest is the answer. */
    @Entry
    @Dim(name = "batch", min = 1, max = 1024)
    public Tensor classify(@Spec("f32[batch, 1, 8, 8]") Tensor images) {
        Tensor edges = pool.apply(bn1.apply(conv1.apply(images)).relu());
        Tensor strokes = pool.apply(bn2.apply(conv2.apply(edges)).relu());
        return fc.apply(strokes.flatten(1));
    }
}
