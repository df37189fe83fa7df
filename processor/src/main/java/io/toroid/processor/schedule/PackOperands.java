package io.toroid.processor.schedule;

import io.toroid.op.TensorType;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.shape.Shape;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Gives every template its operand in panels. A constant one is packed when constants are folded, and shared by all
 * templates of the model that want the same panels; another is packed in front of its template. It needs operands to
 * be resolved.
 */
public final class PackOperands {

    /** Lanes of the widest vector: panels for narrower ones are never larger. */
    private static final long WIDEST = 16;

    /** Ends the name of a packed constant. */
    static final String PACKED = "_packed";

    private final SequencedMap<Request, Buffer> constants = new LinkedHashMap<>();
    private final Map<Request, Loop.Origins> origins = new HashMap<>();
    private final boolean packsConstantsOnce;

    /** @param packsConstantsOnce false while constants are folded: then they are operands like others */
    public PackOperands(boolean packsConstantsOnce) {
        this.packsConstantsOnce = packsConstantsOnce;
    }

    /** A constant in the form that a template wants. */
    public record Request(Buffer source, Loop.Packing packing) {
    }

    /** What has to be packed when constants are folded, and into what. */
    public SequencedMap<Request, Buffer> constants() {
        return constants;
    }

    /** The templates that want a constant so packed. */
    public Loop.Origins origins(Request request) {
        return origins.get(request);
    }

    /** Packs the operands of one entry; constants are collected over all entries. */
    public LoopProgram run(LoopProgram program) {
        List<Loop> loops = new ArrayList<>();
        Map<Request, Buffer> local = new HashMap<>();
        for (Loop loop : program.loops()) {
            loops.add(switch (loop) {
                case Loop.Gemm gemm -> pack(gemm, loops, local, program.suffix());
                case Loop.Convolution convolution -> pack(convolution, loops, local, program.suffix());
                case Loop.Pointwise _, Loop.Reduction _, Loop.Attention _, Loop.Extern _, Loop.Branch _, Loop.Repeat _, Loop.ReadSize _, Loop.Pack _ -> loop;
            });
        }
        return program.withLoops(loops);
    }

    private Loop pack(Loop.Gemm gemm, List<Loop> loops, Map<Request, Buffer> local, String part) {
        Loop.Operand right = gemm.right();
        Size columns = gemm.column().below().orElseThrow();
        Symbol batch = gemm.batch().isEmpty() ? null : gemm.batch().getFirst();
        boolean isShared = batch == null || !right.offset().symbols().contains(batch);
        Size count = isShared ? Size.ONE : batch.below().orElseThrow();
        Size step = isShared ? Size.ZERO : right.offset().coefficientOf(batch).orElseThrow();
        Size offset = isShared ? right.offset() : right.offset().substitute(Map.of(batch, Size.ZERO));
        Loop.Packing.Panels packing = new Loop.Packing.Panels(
                count, gemm.depth(), columns, offset, step, right.rowStride(), right.columnStride());
        Size width = columns.ceilDiv(WIDEST).times(WIDEST);
        Buffer panels = packed(right.buffer(), packing, Shape.of(count, gemm.depth(), width), gemm, loops, local, part);
        Loop.Operand packed = new Loop.Operand(
                panels, isShared ? Size.ZERO : batch, gemm.depth(), Size.ONE, /* isPacked= */ true);
        return new Loop.Gemm(gemm.batch(), gemm.rows(), gemm.column(), gemm.depth(), gemm.left(), packed,
                gemm.accumulator(), gemm.epilogue(), gemm.origins());
    }

    private Loop pack(Loop.Convolution convolution, List<Loop> loops, Map<Request, Buffer> local, String part) {
        Buffer weight = convolution.weight();
        long groups = convolution.groups();
        boolean isTransposed = convolution.window().isTransposed();
        long first = weight.shape().get(0).constant();
        long second = weight.shape().get(1).constant() * groups;
        long in = isTransposed ? first : second;
        long out = isTransposed ? second : first;
        Loop.Packing packing = new Loop.Packing.Filters(convolution.window(), groups, in, out);
        long width = groups * Math.ceilDiv(out / groups, WIDEST) * WIDEST;
        Buffer panels = packed(weight, packing, Shape.of(convolution.window().taps() * (in / groups), width), convolution, loops, local, part);
        return new Loop.Convolution(convolution.input(), panels, convolution.window(), groups,
                convolution.accumulator(), convolution.epilogue(), convolution.origins());
    }

    private Buffer packed(
            Buffer source, Loop.Packing packing, Shape largest, Loop template, List<Loop> loops, Map<Request, Buffer> local, String part) {
        Request request = new Request(source, packing);
        TensorType type = new TensorType(source.dtype(), largest);
        if (packsConstantsOnce && source.kind() == Buffer.Kind.CONSTANT) {
            origins.merge(request, template.origins(), Loop.Origins::and);
            return constants.computeIfAbsent(request, _ ->
                    new Buffer(source.name() + PACKED + suffix(source), Buffer.Kind.CONSTANT, type));
        }
        return local.computeIfAbsent(request, _ -> {
            Buffer target = new Buffer(
                    source.name() + "_panels" + (local.isEmpty() ? "" : "_" + local.size()) + part, Buffer.Kind.INTERMEDIATE, type);
            loops.add(new Loop.Pack(source, target, packing, template.origins()));
            return target;
        });
    }

    /** A source that is packed in several ways gives several buffers. */
    private String suffix(Buffer source) {
        long same = constants.keySet().stream().filter(request -> request.source() == source).count();
        return same == 0 ? "" : "_" + same;
    }
}
