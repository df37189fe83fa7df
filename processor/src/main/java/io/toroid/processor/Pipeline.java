package io.toroid.processor;

import io.toroid.Tensor;
import io.toroid.op.Constant;
import io.toroid.op.CustomOperator;
import io.toroid.op.Parameter;
import io.toroid.processor.codegen.constants.ConstantBlob;
import io.toroid.processor.codegen.constants.ConstantTable;
import io.toroid.processor.codegen.constants.ConstantsWriter;
import io.toroid.processor.codegen.constants.FoldGroups;
import io.toroid.processor.codegen.constants.PreparedConstants;
import io.toroid.processor.codegen.cpp.KernelLibrary;
import io.toroid.processor.codegen.cpp.KernelWriter;
import io.toroid.processor.codegen.cpp.PackWriter;
import io.toroid.processor.codegen.wrapper.InstrumentLines;
import io.toroid.processor.codegen.wrapper.Instruments;
import io.toroid.processor.codegen.wrapper.WrapperBuilder;
import io.toroid.processor.codegen.wrapper.WrapperPrinter;
import io.toroid.processor.codegen.wrapper.WrapperSource;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.graph.Bodies;
import io.toroid.processor.graph.CustomOperators;
import io.toroid.processor.graph.EntryGraph;
import io.toroid.processor.graph.Graph;
import io.toroid.processor.graph.pass.GraphPasses;
import io.toroid.processor.graph.pass.SplitConstants;
import io.toroid.processor.graph.pass.SplitGraphs;
import io.toroid.processor.loop.AuthorsOperators;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.BufferNames;
import io.toroid.processor.loop.Identifiers;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.LoopProgram;
import io.toroid.processor.loop.lower.Lower;
import io.toroid.processor.model.StateTable;
import io.toroid.processor.model.TracedEntry;
import io.toroid.processor.model.TracedModel;
import io.toroid.processor.schedule.GroupLoops;
import io.toroid.processor.schedule.MemoryPlan;
import io.toroid.processor.schedule.PackOperands;
import io.toroid.processor.schedule.ReuseInPlace;
import io.toroid.processor.schedule.Schedule;
import io.toroid.processor.toolchain.Linkage;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The map of the compiler: from a traced model to files, level by level.
 *
 * <pre>
 *   trace ──► graph   {@link GraphPasses}, each entry by itself; then {@link SplitConstants} over all of them
 *         ──► loops   {@link Lower}, then {@link LoopStages}
 *         ──► schedule {@link GroupLoops}: which loops share a kernel; {@link ReuseInPlace}: what is overwritten;
 *                     {@link MemoryPlan}: where intermediates lie
 *         ──► code    {@link KernelWriter}, equal ones once ({@link KernelLibrary}); the wrapper, the table of constants
 *         ──► library {@link LibraryStage}, once for each instruction set
 * </pre>
 *
 * <p>The constants that {@code SplitConstants} takes out of the entries, and the weights that templates want packed,
 * make one more program without inputs; it takes the same road and runs when a model is loaded with other weights. For
 * its own weights the results are {@linkplain PreparedConstants computed here} as far as possible, and stored.
 */
public final class Pipeline {

    /** Version of Toroid, as in manifests. */
    public static final String VERSION = "0.1.0";

    private static final long MOST_BYTES = 2047L << 20;

    private final TracedModel model;
    private final Observer observer;
    private final InstrumentLines instruments;
    private final boolean foldsAtLoad;
    private final List<CustomOperator> authors;
    private final ConstantTable constants;
    private final StateTable states;
    private final Set<String> symbols = new HashSet<>();
    private final KernelLibrary kernels = new KernelLibrary();
    private final PackOperands pack = new PackOperands(/* packsConstantsOnce= */ true);

    private Pipeline(TracedModel model, Instruments instruments, boolean foldsAtLoad, Observer observer) {
        this.model = model;
        this.foldsAtLoad = foldsAtLoad;
        this.instruments = new InstrumentLines(instruments);
        this.observer = observer;
        this.authors = CustomOperators.of(model);
        model.entries().forEach(entry -> entry.environment().symbols().stream().map(Symbol::name)
                .map(Identifiers::ofDimension).forEach(symbols::add));
        this.constants = new ConstantTable(symbols);
        this.states = StateTable.of(model);
    }

    /** Compiles a model to libraries, constants and manifest. */
    public static CompiledFiles compile(TracedModel model, CompileOptions options) {
        return LibraryStage.run(generate(model, options), options);
    }

    /** Everything but the native build. */
    public static GeneratedCode generate(TracedModel model) {
        return generate(model, Observer.NONE);
    }

    /** As above, under the eyes of an observer. */
    public static GeneratedCode generate(TracedModel model, Observer observer) {
        return new Pipeline(model, Instruments.NONE, /* foldsAtLoad= */ false, observer).generate();
    }

    /** As the options want it. */
    static GeneratedCode generate(TracedModel model, CompileOptions options) {
        if (options.linkage() == Linkage.STANDALONE) {
            CustomOperators.requireNoPyTorch(model);
        }
        return new Pipeline(model, options.instruments(), options.foldsAtLoad(), Observer.NONE).generate();
    }

    private GeneratedCode generate() {
        requireRoom(model.parameters().values().stream().map(Parameter::type)
                .mapToLong(type -> type.shape().numel().constant() * type.dtype().bytes()).sum());
        List<EntryGraph> traced = model.entries().stream().map(entry -> EntryGraph.of(entry, model)).toList();
        List<Graph> graphs = traced.stream().map(this::graph).toList();
        SplitGraphs split = new SplitConstants().apply(graphs);
        split.entries().forEach(graph -> observer.graph("SplitConstants", graph));
        observer.graph("SplitConstants", split.constants());
        collectConstants(split);
        List<LoopProgram> programs = new ArrayList<>();
        for (int i = 0; i < split.entries().size(); i++) {
            programs.add(loops(split.entries().get(i), model.entries().get(i), traced.get(i)));
        }
        String fold = fold(split, programs);
        List<WrapperSource.Entry> entries = new ArrayList<>();
        for (int i = 0; i < programs.size(); i++) {
            entries.add(entry(model.entries().get(i), traced.get(i), programs.get(i)));
        }
        requireRoom(constants.blobBytes());
        byte[] blob = ConstantBlob.of(constants, model.weights());
        String hash = blob.length == 0 ? "" : Hashes.sha256(blob);
        String wrapper = WrapperSource.write(
                model.className(), VERSION, split.entries().stream().map(Graph::toString).toList(),
                kernels.functions(), entries, fold, constants, hash, states, instruments);
        return new GeneratedCode(
                model, constants, kernels.functions(/* isPacking= */ false), kernels.functions(/* isPacking= */ true), wrapper, ConstantsWriter.write(constants), blob, hash,
                operators(), instruments.exports(), /* mostUnits= */ Integer.MAX_VALUE);
    }

    private Map<String, String> operators() {
        Map<String, String> texts = new TreeMap<>();
        authors.stream().filter(operator -> operator.cpp().isPresent()).map(CustomOperator::operator)
                .forEach(operator -> texts.put(AuthorsOperators.header(operator), AuthorsOperators.text(operator)));
        return texts;
    }

    /** The blob is one array. */
    private static void requireRoom(long bytes) {
        if (bytes > MOST_BYTES) {
            throw new ProblemException(Diagnostic.MODEL_TOO_LARGE, Math.ceilDiv(bytes, 1 << 20));
        }
    }

    // ---- graph

    private Graph graph(EntryGraph traced) {
        observer.graph("Trace", traced.graph());
        return GraphPasses.run(traced.graph(), (pass, graph) -> observer.graph(pass.getClass().getSimpleName(), graph));
    }

    private void collectConstants(SplitGraphs split) {
        model.parameters().forEach(constants::addParameter);
        List<Graph> all = new ArrayList<>();
        split.entries().forEach(entry -> all.addAll(Bodies.all(entry)));
        all.addAll(Bodies.all(split.constants()));
        for (Graph graph : all) {
            for (Constant constant : graph.constants()) {
                if (constant.data().count() != 1) {
                    constants.addLiteral(constant);
                }
            }
        }
        split.folded().forEach(constants::addFolded);
    }

    // ---- loops

    private LoopProgram loops(Graph graph, TracedEntry entry, EntryGraph traced) {
        Set<String> taken = new HashSet<>(symbols);
        taken.addAll(constants.bufferNames());
        BufferNames names = new BufferNames(taken);
        List<Buffer> outputs = new ArrayList<>();
        for (int i = 0; i < entry.outputs().size(); i++) {
            outputs.add(new Buffer(
                    names.unique(entry.outputNames().get(i)), Buffer.Kind.OUTPUT, graph.outputs().get(i).type()));
        }
        for (int target : traced.targets()) {
            outputs.add(new Buffer(names.unique(graph.inputs().get(target).origin() + "_updated"), Buffer.Kind.OUTPUT,
                    graph.inputs().get(target).type()));
        }
        LoopProgram lowered = Lower.lower(graph, constants::buffer, outputs, names);
        for (int i = 0; i < traced.targets().size(); i++) {
            outputs.get(entry.outputs().size() + i).goesTo(lowered.inputs().get(traced.targets().get(i)));
        }
        return LoopStages.run(lowered, pack, observer);
    }

    // ---- folding

    /** The program that computes folded and packed constants; the empty text if there are none. */
    private String fold(SplitGraphs split, List<LoopProgram> programs) {
        Set<Buffer> read = new HashSet<>();
        programs.forEach(program -> read.addAll(program.buffers(Buffer.Kind.CONSTANT)));
        states.rows().forEach(row -> constants.row(row.state()).ifPresent(_ -> read.add(constants.buffer(Tensor.leaf(row.state())))));
        PreparedConstants prepared = new PreparedConstants(constants, split, model.weights());
        Map<Buffer, Buffer> targets = new IdentityHashMap<>();
        List<Buffer> outputs = new ArrayList<>();
        List<Buffer> stored = new ArrayList<>();
        for (Map.Entry<String, Parameter> folded : split.folded().entrySet()) {
            Buffer constant = constants.buffer(Tensor.leaf(folded.getValue()));
            boolean isStored = read.contains(constant);
            Buffer target = new Buffer(constant.name(),
                    isStored ? Buffer.Kind.OUTPUT : Buffer.Kind.INTERMEDIATE, folded.getValue().type());
            if (!foldsAtLoad) {
                prepared.fold(folded.getValue(), constant);
            }
            if (isStored) {
                constants.addFoldedSlot(folded.getKey(), constant, constant.shape().numel().toString());
                stored.add(target);
            }
            targets.put(constant, target);
            outputs.add(target);
        }
        BufferNames names = new BufferNames(constants.bufferNames());
        LoopProgram lowered = Lower.lower(split.constants(), constants::buffer, outputs, names);
        List<Loop> loops = new ArrayList<>(lowered.loops());
        pack.constants().forEach((request, packed) -> {
            Buffer target = new Buffer(packed.name(), Buffer.Kind.OUTPUT, packed.type());
            Buffer source = targets.getOrDefault(request.source(), request.source());
            if (!foldsAtLoad) {
                prepared.pack(request.source(), packed, request.packing());
            }
            constants.addFoldedSlot("_folded." + packed.name(), packed,
                    PackWriter.elements(packed, request.packing()));
            loops.add(new Loop.Pack(source, target, request.packing(), pack.origins(request)));
            stored.add(target);
        });
        if (stored.isEmpty()) {
            constants.place(read, prepared);
            return "";
        }
        LoopProgram program = LoopStages.run(new LoopProgram("constants", List.of(), stored, loops),
                new PackOperands(/* packsConstantsOnce= */ false), observer);
        Schedule schedule = schedule(program);
        FoldGroups groups = FoldGroups.of(schedule);
        read.addAll(prepared.leaveToLoad(groups));
        groups.groups().forEach(group -> group.folded().forEach(folded -> constants.setSources(folded, group.sources())));
        constants.place(read, prepared);
        return WrapperPrinter.function("fold",
                WrapperBuilder.fold(schedule, plan(program, schedule), kernels::call, constants::index, groups::servedBy, model.entries().size(),
                        instruments));
    }

    // ---- schedule and code

    private Schedule schedule(LoopProgram program) {
        Schedule schedule = ReuseInPlace.run(GroupLoops.run(program, kernels.size()));
        schedule.functions().forEach(kernels::add);
        return schedule;
    }

    private MemoryPlan plan(LoopProgram program, Schedule schedule) {
        MemoryPlan plan = MemoryPlan.of(schedule);
        observer.schedule(program, schedule, plan);
        return plan;
    }

    private WrapperSource.Entry entry(TracedEntry entry, EntryGraph traced, LoopProgram program) {
        Schedule schedule = schedule(program);
        MemoryPlan plan = plan(program, schedule);
        String name = entry.name();
        return new WrapperSource.Entry(entry,
                WrapperPrinter.function(name + "_check", WrapperBuilder.check(entry)),
                WrapperPrinter.function(name + "_output_sizes", WrapperBuilder.outputSizes(entry)),
                WrapperPrinter.function(name + "_run",
                        WrapperBuilder.run(entry, traced.states().stream().map(states::offset).toList(), schedule, plan, kernels::call, constants::index, instruments)));
    }
}
