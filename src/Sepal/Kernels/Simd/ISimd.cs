namespace Sepal.Kernels.Simd;

/// <summary>
/// One vector width, as static operations over a vector type. A kernel written once over
/// <c>&lt;TSimd, TVector&gt;</c> is compiled by the JIT for each width with its locals held in registers:
/// the operations are static and the vector type is the runtime's own, so no wrapper struct stands between.
/// </summary>
/// <typeparam name="TVector">The vector: <c>Vector512&lt;float&gt;</c>, <c>Vector256&lt;float&gt;</c>, <c>Vector128&lt;float&gt;</c>, or <c>float</c> itself.</typeparam>
internal unsafe interface ISimd<TVector>
    where TVector : struct
{
    /// <summary>Floats in one vector.</summary>
    static abstract int Width { get; }

    /// <summary>Reads <see cref="Width"/> floats; the address need not be aligned.</summary>
    static abstract TVector Load(float* source);

    /// <summary>Writes <see cref="Width"/> floats; the address need not be aligned.</summary>
    static abstract void Store(TVector value, float* destination);

    /// <summary>
    /// Reads the first <paramref name="count"/> floats and zeros for the rest; memory past them is not touched.
    /// </summary>
    static abstract TVector LoadPartial(float* source, int count);

    /// <summary>Writes the first <paramref name="count"/> floats; memory past them is not touched.</summary>
    static abstract void StorePartial(TVector value, float* destination, int count);

    /// <summary>Writes the first elements of both, then the second ones, and so on.</summary>
    static abstract void StoreInterleaved(TVector first, TVector second, float* destination);

    /// <summary>Writes the first elements of all three, then the second ones, and so on.</summary>
    static abstract void StoreInterleaved(TVector first, TVector second, TVector third, float* destination);

    /// <summary>Every element set to one value.</summary>
    static abstract TVector Broadcast(float value);

    static abstract TVector Add(TVector left, TVector right);

    static abstract TVector Subtract(TVector left, TVector right);

    static abstract TVector Multiply(TVector left, TVector right);

    static abstract TVector Divide(TVector left, TVector right);

    /// <summary>The larger of each pair; a NaN in either gives NaN.</summary>
    static abstract TVector Max(TVector left, TVector right);

    /// <summary>The smaller of each pair; a NaN in either gives NaN.</summary>
    static abstract TVector Min(TVector left, TVector right);

    /// <summary>
    /// The value, or the bound that it is beyond: one instruction each, which a NaN passes unchanged.
    /// </summary>
    static abstract TVector Clamp(TVector value, TVector low, TVector high);

    /// <summary><c>left·right + addend</c>, fused where the instruction set fuses.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary>The value times two to a power, a whole number from −126 to 128; at 128 infinity, for values of about one.</summary>
    static abstract TVector ScaleByPower(TVector value, TVector power);

    static abstract TVector SquareRoot(TVector value);

    static abstract TVector Abs(TVector value);

    static abstract TVector Exp(TVector value);

    /// <summary>The natural logarithm.</summary>
    static abstract TVector Log(TVector value);

    /// <summary>One element to the power of the other. No vector instruction does this: it is computed one by one.</summary>
    static abstract TVector Power(TVector value, TVector exponent);

    static abstract TVector Floor(TVector value);

    static abstract TVector Ceiling(TVector value);

    /// <summary>To the nearest whole number, of two equally near ones to the even one.</summary>
    static abstract TVector Round(TVector value);

    /// <summary><paramref name="whenTrue"/> where <c>left &gt; right</c>, else <paramref name="whenFalse"/>.</summary>
    static abstract TVector SelectGreater(TVector left, TVector right, TVector whenTrue, TVector whenFalse);

    /// <summary><paramref name="whenTrue"/> where <c>left == right</c>, else <paramref name="whenFalse"/>.</summary>
    static abstract TVector SelectEqual(TVector left, TVector right, TVector whenTrue, TVector whenFalse);

    /// <summary>Picks elements of a vector by their indices, which are the bits of <paramref name="indices"/>.</summary>
    static abstract TVector Permute(TVector values, TVector indices);

    /// <summary>Picks elements of two vectors; the indices of <paramref name="high"/> follow those of the other.</summary>
    static abstract TVector Permute(TVector low, TVector high, TVector indices);

    /// <summary>The sum of all elements, in a fixed order.</summary>
    static abstract float Sum(TVector value);
}
