package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Layout;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Chooses how intermediates lie in memory. A convolution reads and writes channels-last, and what is computed from a
 * channels-last image, line or volume element by element, or pooled from it, stays so. Attention puts the heads of a token side by side,
 * as the projection after it reads them. All else is row-major. A convolution whose
 * input is not ours to lay out gets a copy in the layout that it needs.
 */
public final class AssignLayouts {

    /** {@code [batch, heads, tokens, width]} in the order batch, token, head, width. */
    private static final List<Integer> HEADS_SIDE_BY_SIDE = List.of(0, 2, 1, 3);

    private AssignLayouts() {
    }

    /** Chooses layouts and inserts the copies they need. */
    public static LoopProgram run(LoopProgram program) {
        Set<Buffer> images = images(program);
        Set<Buffer> borders = program.borders();
        images.stream().filter(buffer -> buffer.kind() == Buffer.Kind.INTERMEDIATE && !borders.contains(buffer))
                .forEach(buffer -> buffer.choose(Layout.channelsLast(buffer.shape())));
        program.loops().stream().filter(Loop.Attention.class::isInstance).flatMap(loop -> loop.outputs().stream())
                .filter(buffer -> buffer.kind() == Buffer.Kind.INTERMEDIATE && !borders.contains(buffer))
                .filter(buffer -> isOurs(buffer, program))
                .forEach(buffer -> buffer.choose(Layout.ordered(buffer.shape(), HEADS_SIDE_BY_SIDE)));
        List<Loop> loops = new ArrayList<>();
        Map<Buffer, Buffer> copies = new HashMap<>();
        for (Loop loop : program.loops()) {
            if (loop instanceof Loop.Convolution convolution && !isChannelsLast(convolution.input())) {
                Buffer copy = copies.computeIfAbsent(convolution.input(), input -> copy(input, loop.origins(), loops, program.suffix()));
                loops.add(new Loop.Convolution(copy, convolution.weight(), convolution.window(), convolution.groups(),
                        convolution.accumulator(), convolution.epilogue(), convolution.origins()));
            } else {
                loops.add(loop);
            }
        }
        return program.withLoops(loops);
    }

    /** Functions, branches and loops want row-major memory, and so do products that were lowered to read it as it was. */
    private static boolean isOurs(Buffer buffer, LoopProgram program) {
        return program.loops().stream().noneMatch(loop -> switch (loop) {
            case Loop.Extern _, Loop.Branch _, Loop.Repeat _, Loop.ReadSize _, Loop.Pack _ -> loop.inputs().contains(buffer);
            case Loop.Gemm gemm -> gemm.left().buffer() == buffer || gemm.right().buffer() == buffer;
            case Loop.Convolution convolution -> convolution.weight() == buffer;
            case Loop.Pointwise _, Loop.Reduction _, Loop.Attention _ -> false;
        });
    }

    private static Set<Buffer> images(LoopProgram program) {
        Set<Buffer> images = candidates(program);
        for (Loop loop : program.loops()) {
            switch (loop) {
                case Loop.Gemm gemm -> {
                    images.remove(gemm.left().buffer());
                    images.remove(gemm.right().buffer());
                }
                case Loop.Convolution convolution -> images.remove(convolution.weight());
                case Loop.Attention attention -> {
                    images.remove(attention.query().buffer());
                    images.remove(attention.key().buffer());
                    images.remove(attention.value().buffer());
                    images.removeAll(attention.outputs());
                }
                case Loop.Extern _, Loop.Branch _, Loop.Repeat _, Loop.ReadSize _ -> {
                    images.removeAll(loop.inputs());
                    loop.outputs().forEach(images::remove);
                }
                case Loop.Pack pack -> images.remove(pack.source());
                case Loop.Pointwise _, Loop.Reduction _ -> { }
            }
        }
        return images;
    }

    /** What would like to be channels-last, though some of it is an operand, which is row-major as it was lowered. */
    private static Set<Buffer> candidates(LoopProgram program) {
        Set<Buffer> images = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Loop loop : program.loops()) {
            if (loop instanceof Loop.Convolution convolution) {
                images.add(convolution.accumulator());
                images.add(convolution.input());
                images.addAll(convolution.outputs());
            } else {
                Set<Integer> ranks = loop.inputs().stream().filter(images::contains).map(input -> input.shape().rank()).collect(Collectors.toSet());
                loop.outputs().stream().filter(output -> ranks.contains(output.shape().rank())).forEach(images::add);
            }
        }
        return images;
    }

    private static boolean isChannelsLast(Buffer buffer) {
        return buffer.layout().sameMemory(Layout.channelsLast(buffer.shape()));
    }

    private static Buffer copy(Buffer input, Loop.Origins origins, List<Loop> loops, String part) {
        Buffer copy = new Buffer(input.name() + "_channels_last" + part, Buffer.Kind.INTERMEDIATE,
                new io.toroid.op.TensorType(input.dtype(), input.shape()));
        copy.choose(Layout.channelsLast(input.shape()));
        List<Symbol> variables = new ArrayList<>();
        List<Size> indices = new ArrayList<>();
        for (int dim = 0; dim < input.shape().rank(); dim++) {
            Symbol variable = Symbol.variable("d" + dim, input.shape().get(dim));
            variables.add(variable);
            indices.add(input.shape().get(dim).equals(Size.ONE) ? Size.ZERO : variable);
        }
        loops.add(new Loop.Pointwise(variables,
                new Loop.Store(copy, indices, new io.toroid.processor.loop.Scalar.Load(input, indices)), origins));
        return copy;
    }
}
