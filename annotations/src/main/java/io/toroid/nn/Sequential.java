package io.toroid.nn;

import io.toroid.Name;
import io.toroid.Tensor;
import java.util.List;

/**
 * Layers one after another. The parameters are named by position, as in PyTorch: {@code 0.weight}, {@code 2.weight}.
 */
public final class Sequential implements Layer {

    @Name("")
    private final List<Layer> layers;

    public Sequential(Layer... layers) {
        this(List.of(layers));
    }

    public Sequential(List<Layer> layers) {
        this.layers = List.copyOf(layers);
    }

    public List<Layer> layers() {
        return layers;
    }

    @Override
    public Tensor apply(Tensor input) {
        Tensor output = input;
        for (Layer layer : layers) {
            output = layer.apply(output);
        }
        return output;
    }
}
