package errors;

import io.toroid.*;

// option -Atoroid.isa=avx9000
@Model
public class Options {

    @Entry
    public Tensor id(@Spec("f32[3]") Tensor a) {
        return a;
    }
}
// error nowhere: [TOROID-501] the option -Atoroid.isa=avx9000 is not valid: there is no instruction set "avx9000"; choose from x86-64-v3, x86-64-v4, aarch64 and native, separated by commas
