package io.toroid.processor;

import io.toroid.op.CustomOperator;
import io.toroid.processor.diagnostic.Place;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.frontend.ClassDeclarations;
import io.toroid.processor.frontend.ModelFrontend;
import io.toroid.processor.frontend.ResourcePlace;
import io.toroid.processor.frontend.WeightFiles;
import io.toroid.processor.graph.CustomOperators;
import io.toroid.processor.model.TracedModel;
import io.toroid.processor.symbolic.SymjaSolver;
import io.toroid.processor.toolchain.CppCompiler;
import io.toroid.processor.toolchain.ModelDirectories;
import io.toroid.processor.toolchain.ToolchainException;
import io.toroid.runtime.RuntimeCompiler;
import io.toroid.runtime.ToroidException;
import io.toroid.runtime.weights.WeightSource;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The compiler in a running JVM, behind {@link Toroid#compile}. The model takes the road that it takes in a build, down to
 * C++. If the very same C++ with the same constants was compiled before by the same compiler, or there is none now, the
 * result comes from the disk.
 */
public final class RunningCompiler implements RuntimeCompiler {

    @Override
    public Built build(Object model, Map<String, String> options) {
        try {
            Map<String, String> all = new HashMap<>(options);
            all.putIfAbsent(CompileOptions.ISA, "native");
            requireKnown(all);
            CompileOptions chosen = CompileOptions.parse(all);
            WeightFiles files = new WeightFiles(ResourcePlace.of(model.getClass()), chosen.weightsDirectory());
            TracedModel traced = new ModelFrontend(SymjaSolver::new, files::open)
                    .traceConstructed(model, ClassDeclarations.of(model.getClass()));
            try (WeightSource _ = traced.weights()) {
                return build(traced, chosen);
            }
        } catch (ProblemException e) {
            throw new ToroidException(e.problems().stream().map(RunningCompiler::text).collect(Collectors.joining("\n")), e);
        }
    }

    private static String text(Problem problem) {
        return problem.place() instanceof Place.Line line ? "%s (at %s)".formatted(problem.message(), line.positions().getFirst()) : problem.message();
    }

    private static void requireKnown(Map<String, String> options) {
        options.keySet().stream().filter(name -> !CompileOptions.NAMES.contains(name)).sorted().findFirst().ifPresent(unknown -> {
            throw new ToroidException("there is no option %s; there are %s".formatted(unknown, CompileOptions.NAMES.stream().sorted().toList()));
        });
    }

    private static Optional<CppCompiler> compiler(CompileOptions options) {
        try {
            return Optional.of(CppCompiler.find(options.compiler(), System.getenv()));
        } catch (ToolchainException.NoCompiler reportedIfItIsNeeded) {
            return Optional.empty();
        }
    }

    /** Compiles a traced model, unless that was done before. */
    static Built build(TracedModel model, CompileOptions options) {
        GeneratedCode code = Pipeline.generate(model, options);
        List<CustomOperator> operators = CustomOperators.of(model).stream().filter(operator -> operator.host() == CustomOperator.Host.JAVA).toList();
        ModelDirectories directories = ModelDirectories.find(options.cache(), System.getenv());
        try {
            ModelDirectories.Found found = directories.get(code.identity(options), compiler(options), () -> LibraryStage.run(code, options).resources());
            return new Built(model.className(), found.directory(), found.isTemporary(), operators);
        } catch (IOException e) {
            throw new ToroidException("what %s was compiled to cannot be written: %s; name another directory by the option %s"
                    .formatted(model.className(), e, CompileOptions.CACHE), e);
        }
    }
}
