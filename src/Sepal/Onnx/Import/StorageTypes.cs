using Sepal.Graphs;

namespace Sepal.Onnx.Import;

/// <summary>What the element types of files are stored in inside a graph.</summary>
internal static class StorageTypes
{
    /// <summary>
    /// Floating point of any size is computed in 32 bits; 16-bit, and unsigned 32 and 64-bit integers in 64 bits; all others
    /// are stored as they are.
    /// </summary>
    public static ElementType Of(ElementType declared) => declared switch
    {
        ElementType.Float64 or ElementType.Float16 or ElementType.BFloat16 => ElementType.Float32,
        ElementType.Int16 or ElementType.UInt16 or ElementType.UInt32 or ElementType.UInt64 => ElementType.Int64,
        _ => declared,
    };
}
