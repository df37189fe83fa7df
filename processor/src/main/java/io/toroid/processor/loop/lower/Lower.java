package io.toroid.processor.loop.lower;

import io.toroid.Tensor;
import io.toroid.op.Body;
import io.toroid.op.Call;
import io.toroid.op.Constant;
import io.toroid.op.Parameter;
import io.toroid.op.Placeholder;
import io.toroid.op.TensorData;
import io.toroid.processor.graph.Bodies;
import io.toroid.processor.graph.Graph;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.BufferNames;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/**
 * Graph to loops: each call of a core operator becomes one loop, or a few. It needs a decomposed graph; whatever it
 * makes is correct by itself, and the stages after it only make it fast.
 */
public final class Lower {

    /** How one operator is lowered. */
    @FunctionalInterface
    interface Rule {
        void lower(Call call, Lowering lowering);
    }

    private static final Map<String, Rule> RULES = rules();

    private Lower() {
    }

    private static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        LowerPointwise.register(rules);
        LowerViews.register(rules);
        LowerRearrangements.register(rules);
        LowerIndexing.register(rules);
        LowerReductions.register(rules);
        LowerScans.register(rules);
        LowerSorting.register(rules);
        LowerScatter.register(rules);
        LowerHistograms.register(rules);
        LowerDataSized.register(rules);
        LowerMatrix.register(rules);
        LowerAttention.register(rules);
        LowerControl.register(rules);
        LowerConvolution.register(rules);
        LowerPooling.register(rules);
        LowerCreation.register(rules);
        return Map.copyOf(rules);
    }

    /** Names of the operators that can be lowered. */
    public static Set<String> operators() {
        return RULES.keySet();
    }

    /**
     * Lowers a graph.
     *
     * @param constants gives the buffer of a parameter or of a constant with more than one element
     * @param outputs the buffers to fill, one for each output
     * @param names gives the other buffers their names
     */
    public static LoopProgram lower(
            Graph graph, Function<Tensor, Buffer> constants, List<Buffer> outputs, BufferNames names) {
        Lowering lowering = new Lowering(graph.name(), constants, names);
        List<Buffer> inputs = new ArrayList<>();
        for (Tensor input : graph.inputs()) {
            Placeholder placeholder = (Placeholder) input.origin();
            Buffer buffer = new Buffer(names.unique(placeholder.name()), Buffer.Kind.INPUT, placeholder.type());
            lowering.bind(input, buffer);
            inputs.add(buffer);
        }
        run(graph, outputs, lowering);
        return new LoopProgram(graph.name(), inputs, outputs, lowering.loops());
    }

    /**
     * Lowers what a branch or loop runs: its inputs are buffers of the program around it.
     *
     * @param role such as {@code if_true}
     */
    static LoopProgram body(String role, Body body, List<Buffer> inputs, List<Buffer> outputs, Lowering around) {
        String name = around.program() + "." + around.names().unique(role);
        Lowering lowering = new Lowering(name, around.constants(), around.names());
        for (int i = 0; i < inputs.size(); i++) {
            lowering.bind(body.inputs().get(i), inputs.get(i));
        }
        run(Bodies.graph(name, body), outputs, lowering);
        return new LoopProgram(name, List.copyOf(new LinkedHashSet<>(inputs)), outputs, lowering.loops());
    }

    private static void run(Graph graph, List<Buffer> outputs, Lowering lowering) {
        for (Tensor leaf : graph.leaves()) {
            if (needsBuffer(leaf) && !lowering.isBound(leaf)) {
                lowering.bind(leaf, lowering.constants().apply(leaf));
            }
        }
        SequencedMap<Symbol, Tensor> sizes = new LinkedHashMap<>(graph.sizes());
        for (Call call : graph.calls()) {
            call.dataSizes().forEach(size -> readSize(size, sizes.remove(size), lowering));
            Rule rule = call.operator().custom().isPresent() ? LowerCustom::lower : RULES.get(call.operator().name());
            if (rule == null) {
                throw new IllegalStateException("no lowering for " + call);
            }
            rule.lower(call, lowering);
        }
        sizes.forEach((size, value) -> readSize(size, value, lowering));
        for (int i = 0; i < graph.outputs().size(); i++) {
            copy(graph.outputs().get(i), outputs.get(i), lowering);
        }
    }

    /** @param value null if the size has its value already */
    private static void readSize(Symbol size, Tensor value, Lowering lowering) {
        if (value != null) {
            Loop.Origins origins = value.origin() instanceof Call call ? Loop.Origins.of(call) : Loop.Origins.NONE;
            lowering.add(new Loop.ReadSize(size, lowering.buffer(value), origins));
        }
    }

    private static boolean needsBuffer(Tensor leaf) {
        return switch (leaf.origin()) {
            case Constant(TensorData data) -> data.count() != 1;
            case Parameter _ -> true;
            case Placeholder _, Call _ -> false;
        };
    }

    /** Copies a result into the memory meant for it; the copy is fused away where the result has no other readers. */
    private static void copy(Tensor tensor, Buffer target, Lowering lowering) {
        List<Symbol> variables = Lowering.variables("d", tensor.shape());
        List<Size> indices = Lowering.indices(variables);
        Scalar value = lowering.load(tensor, indices);
        lowering.add(new Loop.Pointwise(variables, new Loop.Store(target, indices, value), Loop.Origins.NONE));
    }
}
