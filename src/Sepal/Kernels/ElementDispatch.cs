using System.Numerics;
using Sepal.Graphs;

namespace Sepal.Kernels;

/// <summary>Makes an object that is generic over a tensor's elements, for whichever type it is given.</summary>
internal interface IElementFactory<TResult>
{
    TResult Create<T>()
        where T : unmanaged, INumber<T>;
}

/// <summary>The one place where an element type becomes a .NET type. Booleans are bytes of 0 and 1.</summary>
internal static class ElementDispatch
{
    /// <summary>Creates for one of the types that are computed with.</summary>
    /// <exception cref="SepalException">The type is only stored.</exception>
    public static TResult Create<TFactory, TResult>(ElementType type, in TFactory factory)
        where TFactory : struct, IElementFactory<TResult> => type switch
        {
            ElementType.Float32 => factory.Create<float>(),
            ElementType.Int64 => factory.Create<long>(),
            ElementType.Int32 => factory.Create<int>(),
            ElementType.Int8 => factory.Create<sbyte>(),
            ElementType.UInt8 or ElementType.Boolean => factory.Create<byte>(),
            _ => throw new SepalException($"Sepal stores {type} but does not compute with it. Cast to Float32 or Int64 first."),
        };
}
