using System.Numerics;
using Sepal.Graphs;

namespace Sepal.Kernels.Elementwise;

/// <summary>A function of one number of any type. Integers wrap.</summary>
internal interface IElementUnaryFunction
{
    static abstract T Apply<T>(T value)
        where T : unmanaged, INumber<T>;
}

/// <summary>Applies a function of one number to elements that are not floats.</summary>
internal abstract unsafe class ElementUnaryKernel
{
    /// <summary>The kernel for a function and an element type.</summary>
    public static ElementUnaryKernel Of<TFunction>(ElementType type)
        where TFunction : struct, IElementUnaryFunction =>
        ElementDispatch.Create<Factory<TFunction>, ElementUnaryKernel>(type, default);

    /// <summary>Writes some elements of the output.</summary>
    public abstract void Run(void* input, void* output, long from, long to);

    private readonly struct Factory<TFunction> : IElementFactory<ElementUnaryKernel>
        where TFunction : struct, IElementUnaryFunction
    {
        public ElementUnaryKernel Create<T>()
            where T : unmanaged, INumber<T> => new Typed<T, TFunction>();
    }

    private sealed class Typed<T, TFunction> : ElementUnaryKernel
        where T : unmanaged, INumber<T>
        where TFunction : struct, IElementUnaryFunction
    {
        public override void Run(void* input, void* output, long from, long to)
        {
            for (long index = from; index < to; index++)
            {
                ((T*)output)[index] = TFunction.Apply(((T*)input)[index]);
            }
        }
    }
}

/// <summary><c>max(x, 0)</c>.</summary>
internal readonly struct ElementRelu : IElementUnaryFunction
{
    public static T Apply<T>(T value)
        where T : unmanaged, INumber<T> => value < T.Zero ? T.Zero : value;
}

/// <summary>The absolute value; of the smallest integer, which has none, itself.</summary>
internal readonly struct ElementAbs : IElementUnaryFunction
{
    public static T Apply<T>(T value)
        where T : unmanaged, INumber<T> => value < T.Zero ? T.Zero - value : value;
}

/// <summary><c>−x</c>.</summary>
internal readonly struct ElementNegate : IElementUnaryFunction
{
    public static T Apply<T>(T value)
        where T : unmanaged, INumber<T> => T.Zero - value;
}

/// <summary>−1, 0 or 1.</summary>
internal readonly struct ElementSign : IElementUnaryFunction
{
    public static T Apply<T>(T value)
        where T : unmanaged, INumber<T> => value > T.Zero ? T.One : value < T.Zero ? T.Zero - T.One : T.Zero;
}

/// <summary>True where false and false where true.</summary>
internal readonly struct ElementNot : IElementUnaryFunction
{
    public static T Apply<T>(T value)
        where T : unmanaged, INumber<T> => value == T.Zero ? T.One : T.Zero;
}
