package io.toroid.examples.minilm;

import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.NativeTensor;
import java.nio.FloatBuffer;

/** The façade with the caller's tensors. */
final class ToroidEngine implements Engine {
    private final CompiledMiniLm model;

    ToroidEngine(int threads) {
        model = CompiledMiniLm.load(LoadOptions.defaults().withThreads(threads));
    }

    @Override
    public Request prepare(Input input) {
        FloatBuffer embeddings = Input.floats(input.sizes().batch() * MiniLm.WIDTH);
        FloatBuffer states = Input.floats(input.sizes().positions() * MiniLm.WIDTH);
        return new Prepared(model, embeddings, states,
                NativeTensor.wrap(input.ids(), input.shape()), NativeTensor.wrap(input.mask(), input.shape()),
                NativeTensor.wrap(embeddings, input.sizes().batch(), MiniLm.WIDTH),
                NativeTensor.wrap(states, input.sizes().batch(), input.sizes().tokens(), MiniLm.WIDTH));
    }

    @Override
    public void close() {
        model.close();
    }

    private record Prepared(CompiledMiniLm model, FloatBuffer embeddings, FloatBuffer states,
            NativeTensor ids, NativeTensor mask, NativeTensor embedded, NativeTensor last) implements Request {
        @Override
        public void embed() {
            model.embed(ids, mask, embedded);
        }

        @Override
        public void hidden() {
            model.hidden(ids, mask, last);
        }

        @Override
        public void close() {
            ids.close();
            mask.close();
            embedded.close();
            last.close();
        }
    }
}
