using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>Transposed convolution in one or two dimensions, with any groups; a bias is added by a node of its own.</summary>
internal static class ConvolutionTransposeImporter
{
    public static void Import(NodeImport node)
    {
        ImportedValue kernel = node.Input(1);
        WindowImport.Sizes sizes = WindowImport.ReadSizes(node, kernel.Shape);
        Value image = WindowImport.Image(node);
        int groups = node.Attributes.Int32("group", 1);
        long groupFilters = kernel.Shape[1].Value;
        Shape kernelShape = [sizes.Kernel.Height, sizes.Kernel.Width, kernel.Shape[1], kernel.Shape[0]];
        (Padding2D padding, Size2D outputPadding) = Padding(node, sizes);
        var transpose = new ConvolutionTranspose(checked((int)(groupFilters * groups)), sizes.Kernel)
        {
            Strides = sizes.Strides,
            DilationRate = sizes.Dilations,
            Padding = padding,
            OutputPadding = outputPadding,
            Groups = groups,
        };
        int[] toHwoi = kernel.Rank == 3 ? [2, 1, 0] : [2, 3, 1, 0];
        bool hasBias = node.HasInput(2);
        Value value = node.Add(transpose, [image, node.Weight(1, toHwoi, kernelShape)], hasBias ? "convolution" : null);
        if (hasBias)
        {
            value = node.Add(new Binary(BinaryFunction.Add), [value, node.Vector(2)]);
        }

        WindowImport.OutputImage(node, 0, value);
    }

    private static (Padding2D Cut, Size2D Added) Padding(NodeImport node, WindowImport.Sizes sizes)
    {
        int spatial = node.Input(0).Rank - 2;
        long[] added = Numbers(node, "output_padding", spatial) ?? new long[spatial];
        long[]? wanted = node.Attributes.Ints("output_shape");
        string mode = node.Attributes.Text("auto_pad", "NOTSET");
        var axes = new (int Before, int After, int Added)[spatial];
        for (int axis = 0; axis < spatial; axis++)
        {
            bool isHeight = spatial == 2 && axis == 0;
            long stride = isHeight ? sizes.Strides.Height : sizes.Strides.Width;
            long extent = isHeight ? sizes.ExtentHeight : sizes.ExtentWidth;
            long? target = wanted is null ? null
                : wanted.Length >= spatial ? wanted[wanted.Length - spatial + axis]
                : throw node.Error($"the attribute 'output_shape' has {wanted.Length} numbers", $"Expected at least {spatial}.");
            axes[axis] = mode switch
            {
                _ when target is { } length => Distributed(Total(node, axis, length, stride, extent + added[axis]), mode, added[axis]),
                "SAME_UPPER" or "SAME_LOWER" => Distributed(extent + added[axis] - stride, mode, added[axis]),
                "VALID" => (0, 0, checked((int)added[axis])),
                "NOTSET" or "" => Given(node, spatial, axis, added[axis]),
                _ => throw node.Error($"the attribute 'auto_pad' is '{mode}'", "Expected NOTSET, SAME_UPPER, SAME_LOWER or VALID."),
            };
        }

        (int top, int bottom, int addedHeight) = spatial == 2 ? axes[0] : (0, 0, 0);
        (int left, int right, int addedWidth) = axes[^1];
        return (Padding2D.Explicit(top, left, bottom, right), (addedHeight, addedWidth));
    }

    /// <summary>What must be cut off for a length that is asked for.</summary>
    private static long Total(NodeImport node, int axis, long target, long stride, long extent)
    {
        Dimension input = node.Input(0).Shape[axis + 2];
        return input.IsKnown
            ? ((input.Value - 1) * stride) + extent - target
            : throw node.NeedsValue($"its attribute 'output_shape' depends on the open size {input}");
    }

    /// <summary>A whole number of rows to cut off, on both sides; to add at the end, if it is negative.</summary>
    private static (int Before, int After, int Added) Distributed(long total, string mode, long added)
    {
        long cut = Math.Max(total, 0);
        long smaller = cut / 2;
        long before = mode == "SAME_UPPER" ? smaller : cut - smaller;
        return checked(((int)before, (int)(cut - before), (int)(added + Math.Max(-total, 0))));
    }

    private static (int Before, int After, int Added) Given(NodeImport node, int spatial, int axis, long added)
    {
        long[] pads = Numbers(node, "pads", 2 * spatial) ?? new long[2 * spatial];
        return checked(((int)pads[axis], (int)pads[axis + spatial], (int)added));
    }

    private static long[]? Numbers(NodeImport node, string name, int count) => node.Attributes.Ints(name) switch
    {
        null => null,
        var values when values.Length == count && values.All(value => value >= 0) => values,
        var values => throw node.Error(
            $"the attribute '{name}' is [{string.Join(", ", values)}]", $"Expected {count} numbers of at least 0."),
    };
}
