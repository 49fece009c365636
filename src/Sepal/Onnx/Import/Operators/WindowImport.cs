using Sepal.Graphs;
using Sepal.Operators;

namespace Sepal.Onnx.Import.Operators;

/// <summary>What convolution and pooling share: reading a window's attributes, and running one spatial dimension as two.</summary>
internal static class WindowImport
{
    /// <summary>Reads kernel, strides, dilations and padding, in one or two dimensions.</summary>
    /// <param name="node">The node.</param>
    /// <param name="kernelShape">A convolution's kernel as the file has it; null where <c>kernel_shape</c> must say.</param>
    public static Window2D Read(NodeImport node, Shape? kernelShape)
    {
        (Size2D kernel, Size2D strides, Size2D dilations) = ReadSizes(node, kernelShape);
        return new Window2D(kernel, strides, dilations, Padding(node, node.Input(0).Rank - 2, kernel, strides, dilations));
    }

    /// <summary>Reads kernel, strides and dilations, in one or two dimensions.</summary>
    /// <param name="node">The node.</param>
    /// <param name="kernelShape">A convolution's kernel as the file has it; null where <c>kernel_shape</c> must say.</param>
    public static Sizes ReadSizes(NodeImport node, Shape? kernelShape)
    {
        int spatial = node.Input(0).Rank - 2;
        if (spatial is not (1 or 2))
        {
            throw node.Error(
                $"its input has the shape {node.Input(0).Shape}", "Expected batch, channels, and one or two spatial dimensions.");
        }

        if (kernelShape is not null && (kernelShape.Rank != spatial + 2 || !kernelShape.IsKnown))
        {
            throw node.Error($"its kernel has the shape {kernelShape}", $"Expected {spatial + 2} dimensions that are numbers.");
        }

        int[] kernel = node.Attributes.Int32s("kernel_shape")
            ?? kernelShape?.Skip(2).Select(dimension => checked((int)dimension.Value)).ToArray()
            ?? throw node.Error("the attribute 'kernel_shape' is missing", "Export the model again.");
        Size2D kernelSize = Size(node, "kernel_shape", kernel, spatial);
        Size2D strides = Size(node, "strides", node.Attributes.Int32s("strides") ?? Ones(spatial), spatial);
        Size2D dilations = Size(node, "dilations", node.Attributes.Int32s("dilations") ?? Ones(spatial), spatial);
        return new Sizes(kernelSize, strides, dilations);
    }

    /// <summary>The first input as a channels-last image: <c>(N, C, L)</c> as one row.</summary>
    public static Value Image(NodeImport node)
    {
        Value value = node.ChannelsLast(0);
        return value.Shape.Rank == 4 ? value : node.Reshaped(value, [value.Shape[0], 1, value.Shape[1], value.Shape[2]], "as_image");
    }

    /// <summary>Gives back what <see cref="Image"/> made an image of.</summary>
    public static void OutputImage(NodeImport node, int index, Value image, ElementType? type = null)
    {
        Value value = node.Input(0).Rank == 4
            ? image
            : node.Reshaped(image, [image.Shape[0], image.Shape[2], image.Shape[3]], "as_row");
        node.Output(index, value, TensorLayout.ChannelsLast, type);
    }

    private static int[] Ones(int count) => [.. Enumerable.Repeat(1, count)];

    private static Size2D Size(NodeImport node, string name, int[] values, int spatial)
    {
        if (values.Length != spatial || values.Any(value => value < 1))
        {
            throw node.Error(
                $"the attribute '{name}' is [{string.Join(", ", values)}]", $"Expected {spatial} number(s) of at least 1.");
        }

        return spatial == 1 ? (1, values[0]) : (values[0], values[1]);
    }

    private static Padding2D Padding(NodeImport node, int spatial, Size2D kernel, Size2D strides, Size2D dilations)
    {
        string mode = node.Attributes.Text("auto_pad", "NOTSET");
        switch (mode)
        {
            case "VALID":
                return Padding2D.Valid;
            case "SAME_UPPER":
                return Padding2D.Same;
            case "SAME_LOWER":
                return SameLower(node, kernel, strides, dilations);
            case "NOTSET" or "":
                int[] pads = node.Attributes.Int32s("pads") ?? new int[2 * spatial];
                if (pads.Length != 2 * spatial || pads.Any(pad => pad < 0))
                {
                    throw node.Error(
                        $"the attribute 'pads' is [{string.Join(", ", pads)}]", $"Expected {2 * spatial} numbers of at least 0.");
                }

                return spatial == 1
                    ? Padding2D.Explicit(0, pads[0], 0, pads[1])
                    : Padding2D.Explicit(pads[0], pads[1], pads[2], pads[3]);
            default:
                throw node.Error($"the attribute 'auto_pad' is '{mode}'", "Expected NOTSET, SAME_UPPER, SAME_LOWER or VALID.");
        }
    }

    /// <summary>As <see cref="Padding2D.Same"/>, but with the odd pixel at the top and left.</summary>
    private static Padding2D SameLower(NodeImport node, Size2D kernel, Size2D strides, Size2D dilations)
    {
        Shape shape = node.Input(0).Shape;
        Dimension height = shape.Rank == 4 ? shape[2] : 1;
        (int top, int bottom) = SameLower(node, height, kernel.Height, strides.Height, dilations.Height);
        (int left, int right) = SameLower(node, shape[^1], kernel.Width, strides.Width, dilations.Width);
        return Padding2D.Explicit(top, left, bottom, right);
    }

    private static (int Before, int After) SameLower(NodeImport node, Dimension input, int kernel, int stride, int dilation)
    {
        long extent = ((long)(kernel - 1) * dilation) + 1;
        if (!input.IsKnown && stride != 1)
        {
            throw node.NeedsValue($"its padding SAME_LOWER depends on the open size {input}");
        }

        long total = input.IsKnown
            ? Math.Max(((((input.Value + stride - 1) / stride) - 1) * stride) + extent - input.Value, 0)
            : extent - 1;
        return (checked((int)(total - (total / 2))), checked((int)(total / 2)));
    }

    /// <summary>The attributes of a window but its padding.</summary>
    internal readonly record struct Sizes(Size2D Kernel, Size2D Strides, Size2D Dilations)
    {
        /// <summary>Rows from the first tap to the last.</summary>
        public long ExtentHeight => ((long)(Kernel.Height - 1) * Dilations.Height) + 1;

        /// <summary>Columns from the first tap to the last.</summary>
        public long ExtentWidth => ((long)(Kernel.Width - 1) * Dilations.Width) + 1;
    }
}
