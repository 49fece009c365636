using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Sepal.Onnx.Protocol;

namespace Sepal.Tests.Onnx.Mutants;

/// <summary>
/// Makes hostile files of an honest one: bytes flipped, cut, repeated or overwritten, and, since most bytes of a model are
/// weights, messages changed where it hurts. The same seed makes the same mutant.
/// </summary>
internal sealed class Mutator(byte[] honest)
{
    private static readonly long[] Extremes =
        [0, 1, -1, 2, 3, 7, 255, 65_536, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue, 1L << 40, (1L << 31) + 1];

    private readonly byte[] _honest = honest;
    private readonly bool _isOurs = ModelProto.Parser.ParseFrom(honest).MetadataProps.Count > 0;

    /// <summary>Makes the mutant of a seed.</summary>
    public byte[] Mutate(int seed)
    {
        var random = new Random(seed);
        byte[] bytes = random.Next(4) == 0 ? _honest : MutateMessages(random);
        int changes = bytes == _honest ? random.Next(1, 6) : random.Next(2) * random.Next(3);
        for (int change = 0; change < changes; change++)
        {
            bytes = MutateBytes(bytes, random);
        }

        return bytes;
    }

    private static byte[] MutateBytes(byte[] bytes, Random random)
    {
        if (bytes.Length == 0)
        {
            return bytes;
        }

        // Files begin with the nodes; weights come after them.
        int position = random.Next(3) == 0 ? random.Next(bytes.Length) : random.Next(Math.Min(bytes.Length, 20_000));
        int length = random.Next(1, Math.Min(64, bytes.Length - position + 1));
        byte[] copy = [.. bytes];
        switch (random.Next(5))
        {
            case 0:
                copy[position] ^= (byte)(1 << random.Next(8));
                return copy;
            case 1:
                random.NextBytes(copy.AsSpan(position, length));
                return copy;
            case 2:
                return copy[..position];
            case 3:
                return [.. copy[..position], .. copy[(position + length)..]];
            default:
                return [.. copy[..(position + length)], .. copy[position..]];
        }
    }

    private byte[] MutateMessages(Random random)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(_honest);
        int changes = random.Next(1, 4);
        for (int change = 0; change < changes; change++)
        {
            MutateModel(model, random);
        }

        return (_isOurs && random.Next(4) > 0 ? MetadataMutator.WithFingerprint(model) : model).ToByteArray();
    }

    private static void MutateModel(ModelProto model, Random random)
    {
        GraphProto graph = model.Graph;
        NodeProto node = Pick(graph.Node, random);
        if (model.MetadataProps.Count > 0 && random.Next(2) == 0)
        {
            MetadataMutator.Mutate(Pick(model.MetadataProps, random), random);
            return;
        }

        switch (random.Next(14))
        {
            case 0:
                MutateShape(Pick(graph.Input, random).Type.TensorType, random);
                break;
            case 1:
                MutateTensor(Pick(graph.Initializer, random), random);
                break;
            case 2 or 3 or 4:
                MutateAttribute(node, random);
                break;
            case 5:
                node.OpType = Pick(graph.Node, random).OpType;
                break;
            case 6 when node.Input.Count > 0:
                node.Input[random.Next(node.Input.Count)] = AnyName(graph, random);
                break;
            case 7 when node.Output.Count > 0:
                node.Output[random.Next(node.Output.Count)] = AnyName(graph, random);
                break;
            case 8:
                Resize(node.Input, AnyName(graph, random), random);
                break;
            case 9:
                Resize(node.Output, AnyName(graph, random), random);
                break;
            case 10:
                Pick(model.OpsetImport, random).Version = random.Next(2) == 0 ? random.Next(1, 25) : Extreme(random);
                break;
            case 11:
                Pick(graph.Initializer, random).Name = AnyName(graph, random);
                break;
            case 12:
                graph.Node.Add(node.Clone());
                break;
            case 13:
                MutateConstant(graph, random);
                break;
        }
    }

    private static void MutateShape(TypeProto.Types.Tensor type, Random random)
    {
        if (random.Next(4) == 0)
        {
            type.ElemType = random.Next(24);
            return;
        }

        RepeatedField<TensorShapeProto.Types.Dimension> dimensions = type.Shape.Dim;
        if (random.Next(4) == 0)
        {
            dimensions.Add(new TensorShapeProto.Types.Dimension { DimParam = "n" });
        }
        else
        {
            Pick(dimensions, random).DimValue = Extreme(random);
        }
    }

    private static void MutateTensor(TensorProto tensor, Random random)
    {
        switch (random.Next(5))
        {
            case 0 when tensor.Dims.Count > 0:
                tensor.Dims[random.Next(tensor.Dims.Count)] = Extreme(random);
                break;
            case 1:
                tensor.DataType = random.Next(24);
                break;
            case 2:
                tensor.DataLocation = TensorProto.Types.DataLocation.External;
                if (tensor.ExternalData.Count > 0 && random.Next(2) == 0)
                {
                    StringStringEntryProto entry = Pick(tensor.ExternalData, random);
                    entry.Value = entry.Key == "location" ? Pick(Locations, random) : Extreme(random).ToString(CultureInfo.InvariantCulture);
                    break;
                }

                tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = Pick(Locations, random) });
                break;
            case 3:
                tensor.Dims.Add(Extreme(random));
                break;
            default:
                tensor.RawData = ByteString.CopyFrom(new byte[random.Next(64)]);
                break;
        }
    }

    private static readonly string[] Locations = ["/etc/passwd", "../../secret", "/dev/zero", "weights.bin", string.Empty, "a/../../b"];

    /// <summary>Other numbers in a constant: shapes, axes, pads and repeats come from these.</summary>
    private static void MutateConstant(GraphProto graph, Random random)
    {
        TensorProto[] tensors =
        [
            .. graph.Node.SelectMany(node => node.Attribute).Select(attribute => attribute.T).OfType<TensorProto>(),
            .. graph.Initializer.Where(initializer => initializer.DataType == (int)TensorProto.Types.DataType.Int64),
        ];
        if (tensors.Length > 0)
        {
            TensorProto tensor = tensors[random.Next(tensors.Length)];
            byte[] bytes = tensor.RawData.Length < sizeof(long) ? new byte[sizeof(long)] : tensor.RawData.ToByteArray();
            BitConverter.TryWriteBytes(bytes.AsSpan(sizeof(long) * random.Next(bytes.Length / sizeof(long))), Extreme(random));
            tensor.RawData = ByteString.CopyFrom(bytes);
        }
    }

    private static void MutateAttribute(NodeProto node, Random random)
    {
        if (node.Attribute.Count == 0 || random.Next(6) == 0)
        {
            string[] names = ["axis", "axes", "group", "pads", "strides", "dilations", "kernel_shape", "perm", "to", "keepdims", "alpha"];
            node.Attribute.Add(new AttributeProto
            {
                Name = Pick(names, random),
                Type = AttributeProto.Types.AttributeType.Ints,
                Ints = { Extreme(random), Extreme(random) },
            });
            return;
        }

        AttributeProto attribute = Pick(node.Attribute, random);
        switch (random.Next(5))
        {
            case 0:
                attribute.Type = (AttributeProto.Types.AttributeType)random.Next(15);
                break;
            case 1:
                attribute.Ints.Add(Extreme(random));
                break;
            case 2 when attribute.Ints.Count > 0:
                attribute.Ints[random.Next(attribute.Ints.Count)] = Extreme(random);
                break;
            case 3 when attribute.T is not null:
                MutateTensor(attribute.T, random);
                break;
            default:
                attribute.I = Extreme(random);
                attribute.F = Pick([float.NaN, float.PositiveInfinity, -1f, 0f, float.Epsilon, float.MaxValue], random);
                break;
        }
    }

    private static void Resize(RepeatedField<string> names, string other, Random random)
    {
        if (names.Count > 0 && random.Next(2) == 0)
        {
            names.RemoveAt(random.Next(names.Count));
        }
        else
        {
            names.Insert(random.Next(names.Count + 1), other);
        }
    }

    private static string AnyName(GraphProto graph, Random random)
    {
        NodeProto node = Pick(graph.Node, random);
        return random.Next(5) switch
        {
            0 => string.Empty,
            1 => "input",
            2 => Pick(graph.Initializer, random).Name,
            _ => node.Output.Count > 0 ? node.Output[0] : string.Empty,
        };
    }

    private static long Extreme(Random random) => random.Next(3) == 0 ? random.Next(-4, 100) : Pick(Extremes, random);

    private static T Pick<T>(IList<T> items, Random random) => items[random.Next(items.Count)];
}
