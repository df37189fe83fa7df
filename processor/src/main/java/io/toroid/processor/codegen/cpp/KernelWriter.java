package io.toroid.processor.codegen.cpp;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Scalar;
import io.toroid.processor.schedule.Kernel;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Kernels to C++ functions; each kind has a writer of its own. */
public final class KernelWriter {

    private KernelWriter() {
    }

    /** Writes one kernel. */
    public static KernelSource write(Kernel kernel) {
        return switch (kernel) {
            case Kernel.Nest nest -> new NestWriter(nest).write();
            case Kernel.Single(String name, Loop.Gemm gemm) -> new GemmWriter(name, gemm).write();
            case Kernel.Single(String name, Loop.Convolution convolution) ->
                new ConvolutionWriter(name, convolution).write();
            case Kernel.Single(String name, Loop.Attention attention) -> new AttentionWriter(name, attention).write();
            case Kernel.Single(String name, Loop.Extern extern) -> ExternWriter.write(name, extern);
            case Kernel.Single(String name, Loop.Pack pack) -> PackWriter.write(name, pack);
            case Kernel.SizeRead _ -> throw new IllegalArgumentException("the value of a size is no function");
            case Kernel.Control _ -> throw new IllegalArgumentException("a branch or loop is no function");
            case Kernel.Single(String _, Loop.Branch _), Kernel.Single(String _, Loop.Repeat _), Kernel.Single(String _, Loop.ReadSize _) ->
                throw new IllegalStateException("a branch, a loop or a size is no template");
            case Kernel.Single(String _, Loop.Pointwise _), Kernel.Single(String _, Loop.Reduction _) ->
                throw new IllegalStateException("a loop is no template");
        };
    }

    /** The comment above a kernel: which operators it holds, and the source lines they came from. */
    static String comment(Loop.Origins origins) {
        return "// " + (origins.operators().isEmpty() ? "copy" : origins) + "\n";
    }

    /** Pool, run, inputs, outputs, then the sizes that the given expressions mention. */
    static List<KernelSource.Parameter> parameters(
            Kernel kernel, Set<Buffer> inputs, boolean reportsFailures, Set<Symbol> sizes) {
        List<KernelSource.Parameter> parameters = new ArrayList<>();
        parameters.add(new KernelSource.Parameter.Pool());
        if (reportsFailures) {
            parameters.add(new KernelSource.Parameter.Run());
        }
        inputs.forEach(input -> parameters.add(new KernelSource.Parameter.Input(input, isShared(input, kernel.outputs()))));
        kernel.outputs().forEach(output -> parameters.add(new KernelSource.Parameter.Output(output, isShared(output, inputs) || isShared(output, kernel.outputs()))));
        Set<Symbol> sorted = new TreeSet<>(Comparator.comparing(Symbol::name));
        sorted.addAll(sizes);
        sorted.forEach(symbol -> parameters.add(new KernelSource.Parameter.Dimension(symbol)));
        return parameters;
    }

    private static boolean isShared(Buffer buffer, Set<Buffer> others) {
        return others.stream().anyMatch(other -> other != buffer && other.root() == buffer.root());
    }

    /** The symbolic sizes in the shapes of buffers, in scalars, in extents of variables, and in other sizes. */
    static Set<Symbol> dimensions(
            Iterable<Buffer> buffers, Iterable<Scalar> scalars, Iterable<Symbol> variables, Iterable<Size> sizes) {
        Set<Symbol> symbols = new LinkedHashSet<>();
        sizes.forEach(size -> symbols.addAll(size.symbols()));
        buffers.forEach(buffer -> buffer.shape().sizes().forEach(size -> symbols.addAll(size.symbols())));
        variables.forEach(variable -> symbols.addAll(variable.below().map(Size::symbols).orElse(Set.of())));
        scalars.forEach(scalar -> scalar.forEach(node -> node.sizes().forEach(size -> symbols.addAll(size.symbols()))));
        symbols.removeIf(symbol -> symbol.owner().isEmpty());
        return symbols;
    }

    static boolean reportsFailures(Iterable<Scalar> scalars) {
        boolean[] found = {false};
        scalars.forEach(scalar -> scalar.forEach(node -> found[0] |= node instanceof Scalar.Gather
                || node instanceof Scalar.Binary binary && binary.mayDivideByZero()));
        return found[0];
    }

    static boolean usesMath(Iterable<Scalar> scalars) {
        boolean[] found = {false};
        scalars.forEach(scalar -> scalar.forEach(node -> found[0] |= node instanceof Scalar.Unary
                || node instanceof Scalar.Binary binary && !binary.operation().isInfix()));
        return found[0];
    }

    static List<String> includes(boolean usesMath, boolean reportsFailures, String... others) {
        List<String> includes = new ArrayList<>(List.of(others));
        if (usesMath) {
            includes.add("toroid/math.h");
        }
        if (reportsFailures) {
            includes.add("toroid/checked.h");
        }
        return includes;
    }
}
