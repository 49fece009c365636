using Google.Protobuf;
using Sepal.Graphs;
using Sepal.Onnx;
using Sepal.Onnx.Protocol;

namespace Sepal.Tests.Onnx;

/// <summary>Writes small ONNX files for tests, node by node.</summary>
internal sealed class OnnxModelBuilder
{
    private readonly ModelProto _model;

    public OnnxModelBuilder(int opset = 17)
    {
        _model = new ModelProto { IrVersion = 8, ProducerName = "tests", Graph = new GraphProto { Name = "graph" } };
        _model.OpsetImport.Add(new OperatorSetIdProto { Domain = string.Empty, Version = opset });
    }

    public ModelProto Model => _model;

    /// <summary>An input; a dimension is a number, or a name for an open one.</summary>
    public OnnxModelBuilder Input(string name, ElementType type, params object[] shape)
    {
        _model.Graph.Input.Add(Info(name, type, shape));
        return this;
    }

    /// <summary>An output whose shape is left to the reader.</summary>
    public OnnxModelBuilder Output(string name, ElementType type = ElementType.Float32)
    {
        _model.Graph.Output.Add(new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type.ToOnnx() } },
        });
        return this;
    }

    public OnnxModelBuilder Initializer(string name, TensorData data)
    {
        _model.Graph.Initializer.Add(OnnxTensor.Write(name, data));
        return this;
    }

    /// <summary>A node; names are separated by blanks, and <c>-</c> stands for an input that is left out.</summary>
    public OnnxModelBuilder Node(string operatorType, string inputs, string outputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = operatorType, Name = $"{operatorType}_{_model.Graph.Node.Count}" };
        node.Input.AddRange(inputs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => name == "-" ? string.Empty : name));
        node.Output.AddRange(outputs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => name == "-" ? string.Empty : name));
        node.Attribute.AddRange(attributes.Select(attribute => Attribute(attribute.Name, attribute.Value)));
        _model.Graph.Node.Add(node);
        return this;
    }

    private static ValueInfoProto Info(string name, ElementType type, object[] shape)
    {
        var dimensions = new TensorShapeProto();
        dimensions.Dim.AddRange(shape.Select(extent => extent is string symbol
            ? new TensorShapeProto.Types.Dimension { DimParam = symbol }
            : new TensorShapeProto.Types.Dimension { DimValue = Convert.ToInt64(extent, System.Globalization.CultureInfo.InvariantCulture) }));
        return new ValueInfoProto
        {
            Name = name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)type.ToOnnx(), Shape = dimensions } },
        };
    }

    private static AttributeProto Attribute(string name, object value)
    {
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case int number:
                (attribute.Type, attribute.I) = (AttributeProto.Types.AttributeType.Int, number);
                break;
            case float number:
                (attribute.Type, attribute.F) = (AttributeProto.Types.AttributeType.Float, number);
                break;
            case string text:
                (attribute.Type, attribute.S) = (AttributeProto.Types.AttributeType.String, ByteString.CopyFromUtf8(text));
                break;
            case int[] numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Ints;
                attribute.Ints.AddRange(numbers.Select(number => (long)number));
                break;
            case float[] numbers:
                attribute.Type = AttributeProto.Types.AttributeType.Floats;
                attribute.Floats.AddRange(numbers);
                break;
            case TensorData data:
                (attribute.Type, attribute.T) = (AttributeProto.Types.AttributeType.Tensor, OnnxTensor.Write(string.Empty, data));
                break;
            default:
                throw new ArgumentException($"An attribute cannot be a {value.GetType()}.", nameof(value));
        }

        return attribute;
    }
}
