package io.toroid.processor.codegen.wrapper;

import io.toroid.SourcePosition;
import io.toroid.op.Placeholder;
import io.toroid.processor.codegen.cpp.KernelCall;
import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.model.TracedEntry;
import io.toroid.processor.schedule.Kernel;
import io.toroid.processor.schedule.KernelWork;
import io.toroid.processor.schedule.Schedule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The lines around the kernels of a model that look at them or record them, and the table of these kernels. Constants are not looked at,
 * nor is their folding, which is recorded only; nor are operands in panels, whose memory is no tensor. Tensors that several kernels fill in
 * turn are looked at after the last.
 */
public final class InstrumentLines {

    /** In place of an entry's name. */
    private static final String FOLD = "constants";

    private final Instruments instruments;
    private final List<Site> sites = new ArrayList<>();
    private String entry = "";
    private int entries;
    private Set<Buffer> panels = Set.of();
    private Set<Buffer> read = Set.of();
    /** What the model calls its inputs and outputs. */
    private Map<Buffer, String> names = Map.of();

    /**
     * A place where a kernel runs.
     *
     * @param operators that the author called
     * @param lines of the model's source
     */
    record Site(String entry, String kernel, String operators, String lines) {
    }

    public InstrumentLines(Instruments instruments) {
        this.instruments = instruments;
    }

    Instruments instruments() {
        return instruments;
    }

    /** Functions that the library exports besides all others. */
    public List<String> exports() {
        return instruments.exports();
    }

    List<Site> sites() {
        return List.copyOf(sites);
    }

    /** What stands before all other lines of the next entry. */
    List<WrapperLine> begin(TracedEntry traced, Schedule schedule) {
        entry = traced.name();
        names = new HashMap<>();
        for (int i = 0; i < traced.inputs().size(); i++) {
            if (traced.inputs().get(i).origin() instanceof Placeholder placeholder) {
                names.put(schedule.inputs().get(i), placeholder.name());
            }
        }
        for (int i = 0; i < traced.outputs().size(); i++) {
            names.put(schedule.outputs().get(i), traced.outputNames().get(i));
        }
        panels = new HashSet<>();
        read = new HashSet<>();
        schedule.kernels().forEach(kernel -> read.addAll(kernel.inputs()));
        for (Kernel kernel : schedule.functions()) {
            read.addAll(kernel.inputs());
            if (kernel instanceof Kernel.Single(_, Loop.Pack pack)) {
                panels.add(pack.target());
            }
        }
        return instruments.isProfile() ? List.of(new WrapperLine.ProfileCall(entries++)) : List.of();
    }

    /**
     * What stands before all other lines of the function that folds constants.
     *
     * @param entryCount of the model: the number by which the record has this function
     */
    List<WrapperLine> beginFold(int entryCount) {
        entry = FOLD;
        return instruments.isProfile() ? List.of(new WrapperLine.ProfileCall(entryCount)) : List.of();
    }

    /** The call of a kernel there, which is recorded, but not looked at. */
    List<WrapperLine> inFold(Kernel kernel, KernelCall call) {
        return List.of(instruments.isProfile()
                ? new WrapperLine.ProfileKernel(addSite(kernel, call), KernelWork.of(kernel), call) : new WrapperLine.CallKernel(call));
    }

    private int addSite(Kernel kernel, KernelCall call) {
        sites.add(new Site(entry, call.function(), String.join(", ", kernel.origins().operators()), lines(kernel.origins())));
        return sites.size() - 1;
    }

    /** Assertions about what the caller gave. */
    List<WrapperLine> inputs(Collection<Buffer> inputs) {
        return refusals(/* site= */ -1, inputs);
    }

    /** The call of a kernel, with what is to happen around it. */
    List<WrapperLine> around(Kernel kernel, KernelCall call, Schedule schedule) {
        WrapperLine run = new WrapperLine.CallKernel(call);
        boolean isLookedAt = instruments.looksAtKernels() && instruments.concern(call.function());
        if (!isLookedAt && !instruments.isProfile()) {
            return List.of(run);
        }
        int site = addSite(kernel, call);
        List<WrapperLine> lines = new ArrayList<>();
        if (isLookedAt) {
            lines.addAll(before(site, kernel));
        }
        lines.add(instruments.isProfile() ? new WrapperLine.ProfileKernel(site, KernelWork.of(kernel), call) : run);
        if (isLookedAt) {
            List<Buffer> written = written(kernel, schedule);
            lines.addAll(looks(site, WrapperLine.Moment.AFTER, written));
            lines.addAll(refusals(site, written));
        }
        return lines;
    }

    private static String lines(Loop.Origins origins) {
        return origins.positions().stream().filter(SourcePosition::isKnown).map(SourcePosition::toString).distinct()
                .collect(Collectors.joining(", "));
    }

    private List<WrapperLine> before(int site, Kernel kernel) {
        List<WrapperLine> lines = new ArrayList<>();
        if (instruments.has(Instruments.Instrument.NAMES)) {
            lines.add(new WrapperLine.PrintKernel(site));
        }
        lines.addAll(looks(site, WrapperLine.Moment.BEFORE, kernel.inputs().stream().filter(this::isTensor).toList()));
        return lines;
    }

    private boolean isTensor(Buffer buffer) {
        return buffer.kind() != Buffer.Kind.CONSTANT && !panels.contains(buffer);
    }

    /** An extern function's scratch may have been left as it was. */
    private List<Buffer> written(Kernel kernel, Schedule schedule) {
        Map<Buffer, Kernel> last = new HashMap<>();
        schedule.kernels().forEach(each -> each.outputs().forEach(output -> last.put(output, each)));
        return kernel.outputs().stream().filter(this::isTensor).filter(output -> last.get(output) == kernel)
                .filter(output -> read.contains(output) || output.kind() == Buffer.Kind.OUTPUT || schedule.outputs().contains(output))
                .toList();
    }

    private List<WrapperLine> looks(int site, WrapperLine.Moment moment, List<Buffer> buffers) {
        return buffers.stream().flatMap(buffer -> Stream.of(Instruments.Instrument.PRINT, Instruments.Instrument.SAVE)
                .filter(instruments::has)
                .<WrapperLine>map(instrument -> new WrapperLine.Look(
                        site, moment, nameOf(buffer), buffer, /* saves= */ instrument == Instruments.Instrument.SAVE))).toList();
    }

    private List<WrapperLine> refusals(int site, Collection<Buffer> buffers) {
        List<String> refused = instruments.refused();
        return refused.isEmpty() ? List.of() : buffers.stream().filter(buffer -> buffer.dtype().isFloating())
                .<WrapperLine>map(buffer -> new WrapperLine.ExpectFinite(site, nameOf(buffer), buffer, refused)).toList();
    }

    private String nameOf(Buffer buffer) {
        return names.getOrDefault(buffer, buffer.name());
    }
}
