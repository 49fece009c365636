using System.Collections.Immutable;
using Sepal.Graphs;

namespace Sepal.Onnx.Import;

/// <summary>
/// What the importer knows of one value of the file. Its forms in the graph are made when somebody asks for them
/// (<see cref="ValueForms"/>), so that a value that is only computed with while importing costs nothing at run time.
/// </summary>
internal sealed class ImportedValue
{
    public ImportedValue(string name, Shape shape, ElementType declaredType)
    {
        Name = name;
        Shape = shape;
        DeclaredType = declaredType;
    }

    /// <summary>The name in the file.</summary>
    public string Name { get; }

    /// <summary>The shape in the file's axis order.</summary>
    public Shape Shape { get; }

    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>The element type that the file gives it; see <see cref="StorageTypes.Of"/> for what it is stored in.</summary>
    public ElementType DeclaredType { get; }

    /// <summary>The element type inside the graph.</summary>
    public ElementType StorageType => StorageTypes.Of(DeclaredType);

    /// <summary>The elements in the file's order and in the storage type, if they are known while importing.</summary>
    public TensorData? Data { get; init; }

    /// <summary>The elements of a small integer tensor as expressions of the open dimensions, if that is what they are.</summary>
    public ImmutableArray<Dimension>? Elements { get; init; }

    /// <summary>Whether it is a weight of the file rather than a constant that was computed or written into a node.</summary>
    public bool IsInitializer { get; init; }

    /// <summary>The value in the file's axis order, once made.</summary>
    public Value? Planar { get; set; }

    /// <summary>The value channels-last, once made.</summary>
    public Value? ChannelsLast { get; set; }

    /// <summary>Whether the elements are known while importing.</summary>
    public bool IsConstant => Data is not null;

    /// <summary>The layout in which it was made; null where it has no form in the graph yet.</summary>
    public TensorLayout? NativeLayout { get; set; }
}
