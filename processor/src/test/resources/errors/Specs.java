package errors;

import io.toroid.*;

@Model
@Dim(name = "tokens", max = 512)
public class Specs {

    @Entry
    public Tensor noBrackets(@Spec("f32") Tensor a) { // error: [TOROID-208] "f32" is not a spec: a type and sizes in brackets are expected; write a type and sizes, such as f32[batch, 64]; the types are f32, f64, f16, bf16, i64, i32, i16, i8, u8 and bool
        return a;
    }

    @Entry
    public Tensor unclosed(@Spec("f32[3, 4") Tensor a) { // error: [TOROID-208] "f32[3, 4" is not a spec: a type and sizes in brackets are expected; write a type and sizes, such as f32[batch, 64]; the types are f32, f64, f16, bf16, i64, i32, i16, i8, u8 and bool
        return a;
    }

    @Entry
    public Tensor unknownType(@Spec("float32[3]") Tensor a, @Spec("f23[3]") Tensor b) { // error: [TOROID-208] "f23[3]" is not a spec: there is no type f23; write a type and sizes, such as f32[batch, 64]; the types are f32, f64, f16, bf16, i64, i32, i16, i8, u8 and bool
    // error above: [TOROID-208] "float32[3]" is not a spec: there is no type float32 (did you mean f32?); write a type and sizes, such as f32[batch, 64]; the types are f32, f64, f16, bf16, i64, i32, i16, i8, u8 and bool
        return a;
    }

    @Entry
    public Tensor badSize(@Spec("f32[3,]") Tensor a) { // error: [TOROID-208] "f32[3,]" is not a spec: size '', column 1: a number or a name is missing; write a type and sizes, such as f32[batch, 64]; the types are f32, f64, f16, bf16, i64, i32, i16, i8, u8 and bool
        return a;
    }

    @Entry
    public Tensor negative(@Spec("f32[tokens - 2]") Tensor a) { // error: [TOROID-208] "f32[tokens - 2]" is not a spec: the size tokens - 2 can be negative; write a type and sizes, such as f32[batch, 64]; the types are f32, f64, f16, bf16, i64, i32, i16, i8, u8 and bool
        return a;
    }

    @Entry
    @Dim(name = "batch", max = 64)
    public Tensor undeclared(
            @Spec("f32[btach, 4]") Tensor a, // error: [TOROID-209] the dimension btach is not declared; did you mean batch?
            @Spec("f32[batch, rows, columns]") Tensor b) { // error: [TOROID-209] the dimension columns is not declared; declare it with @Dim(name = "columns", min = ..., max = ...)
            // error above: [TOROID-209] the dimension rows is not declared; declare it with @Dim(name = "rows", min = ..., max = ...)
        return a;
    }

    @Entry
    public Tensor undetermined( // error: [TOROID-215] the value of the dimension tokens cannot be told from tokens%7; let another size be tokens alone
            @Spec("f32[tokens % 7]") Tensor a) {
        return a;
    }

    @Entry
    @Dim(name = "batch", max = 64)
    public Tensor falling( // error: [TOROID-215] the value of the dimension batch cannot be told from -batch + 64; let another size be batch alone
            @Spec("f32[64 - batch]") Tensor a) {
        return a;
    }

    @Entry
    public Tensor missing(Tensor a) { // error: [TOROID-207] the parameter a has no @Spec; say its type and sizes, such as @Spec("f32[batch, 64]")
        return a;
    }

    @Entry
    public Tensor tooMany(@Spec("f32[1, 2, 3, 4, 5, 6, 7, 8, 9]") Tensor a) { // error: [TOROID-208] "f32[1, 2, 3, 4, 5, 6, 7, 8, 9]" is not a spec: it has 9 dimensions, and at most 8 are possible; write a type and sizes, such as f32[batch, 64]; the types are f32, f64, f16, bf16, i64, i32, i16, i8, u8 and bool
        return a;
    }
}
