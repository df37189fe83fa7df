package io.toroid.examples.minilm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.List;
import java.util.Random;

/** Tokens as both engines take them, in direct buffers. */
record Input(Sizes sizes, LongBuffer ids, LongBuffer mask) {
    private static final int FIRST_WORD = 1000;
    private static final int LAST_WORD = 30522;

    /** Words without padding, always the same ones. */
    static Input of(Sizes sizes) {
        Random random = new Random(sizes.hashCode());
        Input input = empty(sizes);
        for (int i = 0; i < sizes.positions(); i++) {
            input.ids.put(i, random.nextInt(FIRST_WORD, LAST_WORD));
            input.mask.put(i, 1);
        }
        return input;
    }

    /** Sentences of falling length: the last one has one word. */
    static Input padded(Sizes sizes) {
        Input input = of(sizes);
        for (int row = 0; row < sizes.batch(); row++) {
            int length = Math.max(1, sizes.tokens() - row * sizes.tokens() / Math.max(1, sizes.batch() - 1));
            for (int i = length; i < sizes.tokens(); i++) {
                input.ids.put(row * sizes.tokens() + i, 0);
                input.mask.put(row * sizes.tokens() + i, 0);
            }
        }
        return input;
    }

    static Input of(long[] sentence) {
        TokenBatch batch = TokenBatch.of(List.of(sentence));
        Input input = empty(new Sizes(1, sentence.length));
        input.ids.put(0, batch.ids()[0]);
        input.mask.put(0, batch.mask()[0]);
        return input;
    }

    private static Input empty(Sizes sizes) {
        return new Input(sizes, longs(sizes.positions()), longs(sizes.positions()));
    }

    long[] shape() {
        return new long[] {sizes.batch(), sizes.tokens()};
    }

    static FloatBuffer floats(int count) {
        return memory(count * Float.BYTES).asFloatBuffer();
    }

    static LongBuffer longs(int count) {
        return memory(count * Long.BYTES).asLongBuffer();
    }

    private static ByteBuffer memory(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }
}
