using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import;

/// <summary>Gives a graph's outputs the layout of its border, and the types that the file says.</summary>
internal sealed class GraphOutputs(GraphNames names, GraphBuilder builder, ValueForms forms, TensorLayout border)
{
    /// <summary>The value to give out.</summary>
    /// <param name="value">The output.</param>
    /// <param name="name">Its name in the file.</param>
    public Value Output(ImportedValue value, string name)
    {
        Value inner = forms.Get(value, border);
        return border == TensorLayout.Planar && value.DeclaredType != value.StorageType
            ? names.Add(builder, $"{name}/cast", new Cast(value.DeclaredType), [inner])
            : inner;
    }
}
