package io.toroid.processor.frontend;

import io.toroid.Spec;
import io.toroid.Tensor;
import io.toroid.op.TensorType;
import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.Problem;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.model.DimDescriptor;
import io.toroid.processor.model.EntryDescriptor;
import io.toroid.processor.model.InputDescriptor;
import io.toroid.processor.model.OutputDescriptor;
import io.toroid.processor.model.TensorSpec;
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
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;

/** Reads one {@code @Entry} method: its parameters with their specs, and what it returns. */
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
                .anyMatch(type -> type.getKind() == TypeKind.ERROR);
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
        List<InputDescriptor> inputs = new ArrayList<>();
        List<Size> sizes = new ArrayList<>();
        for (VariableElement parameter : method.getParameters()) {
            parseInput(parameter, environment).ifPresent(type -> {
                sizes.addAll(type.shape().sizes());
                inputs.add(new InputDescriptor(parameter.getSimpleName().toString(), specOf(type)));
            });
        }
        if (inputs.size() < method.getParameters().size()) {
            scope.markAllUsed();
        }
        Set<String> used = checkDetermined(method, sizes, scope);
        Optional<OutputDescriptor> output = parseOutput(method);
        if (reporter.count() > before || output.isEmpty()) {
            return Optional.empty();
        }
        List<DimDescriptor> usedDims = scope.dims().stream().filter(dim -> used.contains(dim.name())).toList();
        return Optional.of(new EntryDescriptor(method.getSimpleName().toString(), inputs, output.get(), usedDims));
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

    private Optional<TensorType> parseInput(VariableElement parameter, ShapeEnvironment environment) {
        Optional<AnnotationMirror> spec = Annotations.find(parameter, Spec.class);
        if (!isTensor(parameter.asType())) {
            reporter.report(parameter, Diagnostic.ENTRY_PARAMETER_TYPE, parameter.getSimpleName(), parameter.asType());
        } else if (spec.isEmpty()) {
            reporter.report(parameter, Diagnostic.SPEC_MISSING, parameter.getSimpleName());
        }
        if (spec.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(SpecParser.parse(annotations.text(spec.get(), "value"), environment));
        } catch (ProblemException e) {
            for (Problem problem : e.problems()) {
                reporter.report(parameter, spec.get(), "value", problem.message());
            }
            return Optional.empty();
        }
    }

    /** The value of every dimension must follow from the size of one input dimension alone. */
    private Set<String> checkDetermined(ExecutableElement method, List<Size> sizes, DimParser.Scope scope) {
        Set<String> used = new HashSet<>();
        for (Size size : sizes) {
            for (Symbol symbol : size.symbols()) {
                scope.markUsed(symbol.name());
                boolean determined = sizes.stream()
                        .anyMatch(other -> other.symbols().equals(Set.of(symbol))
                                && other.coefficientOf(symbol).filter(Size::isProvablyNonNegative).isPresent());
                if (used.add(symbol.name()) && !determined) {
                    reporter.report(method, Diagnostic.DIM_UNDETERMINED, symbol.name(), size, symbol.name());
                }
            }
        }
        return used;
    }

    private Optional<OutputDescriptor> parseOutput(ExecutableElement method) {
        TypeMirror type = method.getReturnType();
        if (isTensor(type)) {
            return Optional.of(new OutputDescriptor.Single());
        }
        if (type.getKind() != TypeKind.DECLARED) {
            return refuseOutput(method, type.getKind() == TypeKind.VOID ? "nothing" : type.toString());
        }
        TypeElement declared = (TypeElement) ((DeclaredType) type).asElement();
        if (declared.getKind() != ElementKind.RECORD) {
            return refuseOutput(method, type.toString());
        }
        List<? extends RecordComponentElement> components = declared.getRecordComponents();
        for (RecordComponentElement component : components) {
            if (!isTensor(component.asType())) {
                reporter.report(method, Diagnostic.ENTRY_RETURN_TYPE, method.getSimpleName(),
                        "the record %s, whose component %s has the type %s"
                                .formatted(declared.getSimpleName(), component.getSimpleName(), component.asType()),
                        "the components of a returned record are io.toroid.Tensor");
                return Optional.empty();
            }
        }
        if (components.isEmpty()) {
            return refuseOutput(method, "the record %s, which has no components".formatted(declared.getSimpleName()));
        }
        return Optional.of(new OutputDescriptor.Group(
                elements.getBinaryName(declared).toString(),
                declared.getSimpleName().toString(),
                components.stream().map(component -> component.getSimpleName().toString()).toList()));
    }

    private Optional<OutputDescriptor> refuseOutput(ExecutableElement method, String what) {
        reporter.report(method, Diagnostic.ENTRY_RETURN_TYPE, method.getSimpleName(), what,
                "an entry returns a Tensor or a record of them");
        return Optional.empty();
    }

    private static TensorSpec specOf(TensorType type) {
        return new TensorSpec(type.dtype(), type.shape().sizes().stream().map(Size::toString).toList());
    }

    private static boolean isTensor(TypeMirror type) {
        return type.getKind() == TypeKind.DECLARED
                && ((TypeElement) ((DeclaredType) type).asElement()).getQualifiedName().contentEquals(Tensor.class.getName());
    }
}
