package io.toroid.processor.frontend;

import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.model.DimDescriptor;
import io.toroid.processor.model.EntryDescriptor;
import io.toroid.processor.model.Structure;
import io.toroid.shape.Range;
import io.toroid.shape.ShapeEnvironment;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.VariableElement;
import javax.lang.model.util.Elements;

/** Reads one {@code @Entry} method: its parameters by {@link InputParser}, what it returns by {@link OutputParser}. */
final class EntryParser {

    private static final Set<String> RESERVED = Set.of("load", "close", "resetState");

    private final Elements elements;
    private final Annotations annotations;
    private final Reporter reporter;
    private final DimParser dims;

    EntryParser(Elements elements, Annotations annotations, Reporter reporter, DimParser dims) {
        this.elements = elements;
        this.annotations = annotations;
        this.reporter = reporter;
        this.dims = dims;
    }

    /** Whether the signature mentions a type that does not exist. */
    static boolean isUnresolved(ExecutableElement method) {
        return Stream.concat(Stream.of(method.getReturnType()), method.getParameters().stream().map(VariableElement::asType))
                .anyMatch(JavaTypes::isUnresolved);
    }

    /** Empty if something was reported. */
    Optional<EntryDescriptor> parse(ExecutableElement method) {
        int before = reporter.count();
        checkMethod(method);
        DimParser.Scope scope = dims.scope(method);
        ShapeEnvironment environment = new ShapeEnvironment();
        for (DimDescriptor dim : scope.dims()) {
            environment.declare(dim.name(), new Range(dim.min(), dim.max(), dim.multipleOf()));
        }
        InputParser inputs = new InputParser(elements, annotations, reporter, environment);
        List<Structure.Member> parameters = new ArrayList<>();
        for (VariableElement parameter : method.getParameters()) {
            inputs.parse(parameter).ifPresent(
                    value -> parameters.add(new Structure.Member(parameter.getSimpleName().toString(), value)));
        }
        if (parameters.size() < method.getParameters().size()) {
            scope.markAllUsed();
        }
        Set<String> used = checkDetermined(method, inputs, scope);
        OutputParser outputs = new OutputParser(elements, annotations, reporter, environment, method);
        Optional<Structure> output = outputs.parse();
        for (String symbol : outputs.symbols()) {
            scope.markUsed(symbol);
            if (!used.contains(symbol)) {
                reporter.report(method, Diagnostic.DIM_UNDETERMINED, symbol, "what the entry takes", symbol);
            }
        }
        if (reporter.count() > before || output.isEmpty()) {
            return Optional.empty();
        }
        List<DimDescriptor> usedDims = scope.dims().stream().filter(dim -> used.contains(dim.name())).toList();
        return Optional.of(new EntryDescriptor(method.getSimpleName().toString(), parameters, inputs.inputs(), output.get(), usedDims));
    }

    private void checkMethod(ExecutableElement method) {
        String name = method.getSimpleName().toString();
        Set<Modifier> modifiers = method.getModifiers();
        String wrong = modifiers.contains(Modifier.STATIC) ? "static"
                : modifiers.contains(Modifier.ABSTRACT) ? "abstract"
                : !modifiers.contains(Modifier.PUBLIC) ? "not public"
                : !method.getTypeParameters().isEmpty() ? "generic"
                : method.isVarArgs() ? "of variable arity" : null;
        if (wrong != null) {
            reporter.report(method, Diagnostic.ENTRY_NOT_CALLABLE, name, wrong);
        }
        if (isReserved(name)) {
            reporter.report(method, Diagnostic.ENTRY_NAME_RESERVED, name);
        }
        if (method.getParameters().isEmpty()) {
            reporter.report(method, Diagnostic.ENTRY_NO_PARAMETERS, name);
        }
    }

    /** Others of the façade's methods may be overloaded, for their parameters are of other types. */
    private static boolean isReserved(String name) {
        return RESERVED.contains(name) || Stream.of(Object.class.getDeclaredMethods()).map(Method::getName).anyMatch(name::equals);
    }

    /** The value of every dimension must follow from the size of one input dimension alone. */
    private Set<String> checkDetermined(ExecutableElement method, InputParser inputs, DimParser.Scope scope) {
        Set<String> used = new HashSet<>();
        for (Symbol symbol : inputs.given()) {
            scope.markUsed(symbol.name());
            used.add(symbol.name());
        }
        for (Size size : inputs.sizes()) {
            for (Symbol symbol : size.symbols()) {
                scope.markUsed(symbol.name());
                boolean determined = inputs.sizes().stream()
                        .anyMatch(other -> other.symbols().equals(Set.of(symbol))
                                && other.coefficientOf(symbol).filter(Size::isProvablyNonNegative).isPresent());
                if (used.add(symbol.name()) && !determined) {
                    reporter.report(method, Diagnostic.DIM_UNDETERMINED, symbol.name(), size, symbol.name());
                }
            }
        }
        return used;
    }
}
