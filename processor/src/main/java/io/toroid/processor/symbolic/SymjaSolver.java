package io.toroid.processor.symbolic;

import io.toroid.shape.Range;
import io.toroid.shape.Size;
import io.toroid.shape.Solver;
import io.toroid.shape.Symbol;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.matheclipse.core.basic.Config;
import org.matheclipse.core.eval.EvalEngine;
import org.matheclipse.core.expression.F;
import org.matheclipse.core.interfaces.IAST;
import org.matheclipse.core.interfaces.IExpr;

/**
 * What polynomials over the rationals can tell about sizes, by symja: common factors of several terms, factorizations,
 * roots.
 *
 * <p>Symja takes one to two seconds to start and a few milliseconds for a question, so it starts at the first one, and
 * questions that are large or that it cannot help with are answered with "don't know" before. It is one engine, used by one
 * thread at a time; nothing is printed.
 */
public final class SymjaSolver implements Solver {
    static final int LARGEST_DEGREE = 6;
    private static final int MOST_TERMS = 40;
    private static final int RECURSION_LIMIT = 256;

    private EvalEngine engine;

    /**
     * True if the difference vanishes once common factors are cancelled within its divisions; false if no factor of the
     * difference can be zero, or its only unknown would have to be a fraction or out of its range.
     */
    @Override
    public Optional<Boolean> equal(Size a, Size b) {
        Size difference = simplify(a.minus(b));
        if (difference.equals(Size.ZERO)) {
            return Optional.of(true);
        }
        return isSmall(difference) && hasNoRoot(difference) ? Optional.of(false) : Optional.empty();
    }

    /** Polynomial equations that fall into linear factors: the root, if just one lies within the unknown's range. */
    @Override
    public Optional<Size> solve(Size expression, Symbol unknown, Size value) {
        Size equation = simplify(expression.minus(value));
        return isSmall(equation) && isPolynomialIn(equation, unknown) ? onlyRoot(equation, unknown) : Optional.empty();
    }

    /** Cancels common factors of several terms: {@code (n*n + 2*n + 1)//(n*m + m)} is {@code (n + 1)//m}. */
    @Override
    public Size simplify(Size size) {
        return switch (size) {
            case Size.Constant _, Symbol _ -> size;
            case Size.Sum(List<Size> terms) -> terms.stream().map(this::simplify).reduce(Size.ZERO, Size::plus);
            case Size.Product(List<Size> factors) -> factors.stream().map(this::simplify).reduce(Size.ONE, Size::times);
            case Size.Min(List<Size> operands) -> operands.stream().map(this::simplify).reduce(Size::min).orElseThrow();
            case Size.Max(List<Size> operands) -> operands.stream().map(this::simplify).reduce(Size::max).orElseThrow();
            case Size.FloorDiv(Size dividend, Size divisor) -> {
                Size numerator = simplify(dividend);
                Size denominator = simplify(divisor);
                Size factor = commonFactor(numerator, denominator);
                yield numerator.floorDiv(factor).floorDiv(denominator.floorDiv(factor));
            }
            case Size.Mod(Size dividend, Size divisor) -> {
                Size numerator = simplify(dividend);
                Size denominator = simplify(divisor);
                Size factor = commonFactor(numerator, denominator);
                yield factor.times(numerator.floorDiv(factor).mod(denominator.floorDiv(factor)));
            }
        };
    }

    /** Only sums can share a factor that the canonical form does not see. */
    private Size commonFactor(Size a, Size b) {
        if (!(a instanceof Size.Sum && b instanceof Size.Sum && isSmall(a) && isSmall(b))) {
            return Size.ONE;
        }
        return ask(terms -> terms.size(engine.evaluate(F.PolynomialGCD(terms.polynomial(a), terms.polynomial(b))))
                .filter(factor -> a.isMultipleOf(factor) && b.isMultipleOf(factor))
                .orElse(Size.ONE));
    }

    private boolean hasNoRoot(Size difference) {
        boolean factorable = difference instanceof Size.Sum(List<Size> summands) && isNonLinear(summands);
        return factorable && ask(terms -> factors(engine.evaluate(F.Factor(terms.polynomial(difference)))).stream()
                .allMatch(factor -> terms.size(factor).filter(SymjaSolver::isNeverZero).isPresent()));
    }

    private static boolean isNonLinear(List<Size> terms) {
        return terms.stream().anyMatch(term -> term instanceof Size.Product(List<Size> factors)
                && factors.stream().filter(factor -> !factor.isConstant()).count() > 1);
    }

    private static List<IExpr> factors(IExpr product) {
        List<IExpr> factors = new ArrayList<>();
        if (product.isTimes()) {
            ((IAST) product).forEach(factor -> factors.addAll(factors(factor)));
        } else {
            factors.add(product.isPower() ? product.base() : product);
        }
        return factors;
    }

    private static boolean isNeverZero(Size factor) {
        boolean hasSign = factor.minus(1).isProvablyNonNegative() || factor.negate().minus(1).isProvablyNonNegative();
        return hasSign || !factor.range().contains(0) || hasNoRootInRange(factor);
    }

    /** An irreducible factor in one symbol is zero for one integer, if it is linear, or for none. */
    private static boolean hasNoRootInRange(Size factor) {
        if (factor.symbols().size() != 1) {
            return false;
        }
        Symbol symbol = factor.symbols().iterator().next();
        if (!isPolynomialIn(factor, symbol)) {
            return false;
        }
        Optional<Size> slope = factor.coefficientOf(symbol);
        if (slope.isEmpty()) {
            return true;
        }
        long constant = factor.substitute(Map.of(symbol, Size.ZERO)).constant();
        long coefficient = slope.get().constant();
        return constant % coefficient != 0 || !symbol.range().contains(-constant / coefficient);
    }

    private Optional<Size> onlyRoot(Size equation, Symbol unknown) {
        return ask(terms -> {
            List<Size> candidates = new ArrayList<>();
            for (IExpr factored : factors(engine.evaluate(F.Factor(terms.polynomial(equation))))) {
                Optional<Size> factor = terms.size(factored);
                if (factor.isEmpty() || !addRoot(factor.get(), unknown, candidates)) {
                    return Optional.empty();
                }
            }
            return candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty();
        });
    }

    /** False if the factor can vanish in a way that is not one expression for the unknown. */
    private static boolean addRoot(Size factor, Symbol unknown, List<Size> candidates) {
        if (!factor.symbols().contains(unknown)) {
            return isNeverZero(factor);
        }
        Optional<Size> slope = factor.coefficientOf(unknown);
        if (slope.isEmpty()) {
            return hasNoRootInRange(factor);
        }
        if (slope.get().range().contains(0)) {
            return false;
        }
        Size rest = unknown.times(slope.get()).minus(factor);
        Size root = rest.floorDiv(slope.get());
        boolean fraction = rest.mod(slope.get()).minus(1).isProvablyNonNegative();
        if (!fraction && mayBe(root, unknown.range()) && !candidates.contains(root)) {
            candidates.add(root);
        }
        return true;
    }

    private static boolean mayBe(Size candidate, Range range) {
        Range values = candidate.range();
        return candidate.isConstant() ? range.contains(candidate.constant()) : values.max() >= range.min() && values.min() <= range.max();
    }

    private static boolean isPolynomialIn(Size size, Symbol unknown) {
        return switch (size) {
            case Size.Constant _, Symbol _ -> true;
            case Size.Sum _, Size.Product _ -> size.operands().stream().allMatch(operand -> isPolynomialIn(operand, unknown));
            case Size.FloorDiv _, Size.Mod _, Size.Min _, Size.Max _ -> !size.symbols().contains(unknown);
        };
    }

    private static boolean isSmall(Size size) {
        List<Size> terms = size instanceof Size.Sum(List<Size> summands) ? summands : List.of(size);
        return terms.size() <= MOST_TERMS
                && terms.stream().allMatch(term -> !(term instanceof Size.Product(List<Size> factors)) || factors.size() <= LARGEST_DEGREE);
    }

    /** One question; symja keeps its engine in a thread-local variable, which is not left behind in the caller's thread. */
    private synchronized <T> T ask(Function<SymjaTerms, T> question) {
        if (engine == null) {
            engine = start();
        }
        try {
            EvalEngine.set(engine);
            return question.apply(new SymjaTerms());
        } finally {
            EvalEngine.remove();
        }
    }

    /** No threads of the polynomial library, which would keep the process alive; no output. */
    private static EvalEngine start() {
        Config.JAS_NO_THREADS = true;
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        EvalEngine engine = new EvalEngine("toroid", RECURSION_LIMIT, nowhere, /* relaxedSyntax= */ true);
        engine.setQuietMode(true);
        return engine;
    }
}
