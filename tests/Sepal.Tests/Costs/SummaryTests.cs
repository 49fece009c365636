using System.Globalization;
using System.Text.RegularExpressions;
using Sepal.Layers;
using Xunit;

namespace Sepal.Tests.Costs;

public partial class SummaryTests
{
    [Fact]
    public void A_stack_reads_as_in_keras()
    {
        using Sequential model = MnistNetworks.Separable(0);

        Assert.Equal(
            """
            Model: "sequential"
            ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┓
            ┃ Layer (type)                         ┃ Output Shape       ┃ Param # ┃
            ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━┩
            │ separable_conv2d (SeparableConv2D)   │ (None, 26, 26, 32) │      73 │
            ├──────────────────────────────────────┼────────────────────┼─────────┤
            │ max_pooling2d (MaxPooling2D)         │ (None, 13, 13, 32) │       0 │
            ├──────────────────────────────────────┼────────────────────┼─────────┤
            │ separable_conv2d_1 (SeparableConv2D) │ (None, 11, 11, 64) │   2,400 │
            ├──────────────────────────────────────┼────────────────────┼─────────┤
            │ max_pooling2d_1 (MaxPooling2D)       │ (None, 5, 5, 64)   │       0 │
            ├──────────────────────────────────────┼────────────────────┼─────────┤
            │ flatten (Flatten)                    │ (None, 1600)       │       0 │
            ├──────────────────────────────────────┼────────────────────┼─────────┤
            │ dense (Dense)                        │ (None, 64)         │ 102,464 │
            ├──────────────────────────────────────┼────────────────────┼─────────┤
            │ dense_1 (Dense)                      │ (None, 10)         │     650 │
            └──────────────────────────────────────┴────────────────────┴─────────┘
             Total params: 105,587 (412.45 KB)
             Trainable params: 105,587 (412.45 KB)
             Non-trainable params: 0 (0.00 B)

            """,
            model.Summary());
    }

    [Fact]
    public void Other_models_tell_what_each_layer_reads()
    {
        var input = new Input(8, 8, 4) { Name = "image" };
        LayerOutput left = new Conv2D(4, 3) { Name = "left", Padding = Padding2D.Same }.Apply(input);
        LayerOutput normalized = new BatchNormalization { Name = "norm" }.Apply(left);
        LayerOutput sum = new Add { Name = "sum" }.Apply(normalized, input);
        using var model = new Model(input, sum);

        Assert.Equal(
            """
            Model: "functional"
            ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━┓
            ┃ Layer (type)              ┃ Output Shape    ┃ Param # ┃ Connected to ┃
            ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━┩
            │ image (Input)             │ (None, 8, 8, 4) │       0 │ -            │
            ├───────────────────────────┼─────────────────┼─────────┼──────────────┤
            │ left (Conv2D)             │ (None, 8, 8, 4) │     148 │ image        │
            ├───────────────────────────┼─────────────────┼─────────┼──────────────┤
            │ norm (BatchNormalization) │ (None, 8, 8, 4) │      16 │ left         │
            ├───────────────────────────┼─────────────────┼─────────┼──────────────┤
            │ sum (Add)                 │ (None, 8, 8, 4) │       0 │ norm         │
            │                           │                 │         │ image        │
            └───────────────────────────┴─────────────────┴─────────┴──────────────┘
             Total params: 164 (656.00 B)
             Trainable params: 156 (624.00 B)
             Non-trainable params: 8 (32.00 B)

            """,
            model.Summary());
    }

    [Fact]
    public void The_rows_add_up()
    {
        using Sequential model = MnistNetworks.Separable(3);
        string summary = model.Summary();

        long sum = ParameterCell().Matches(summary).Sum(match => Number(match.Groups[1].Value));

        Assert.Equal(Number(TotalLine().Match(summary).Groups[1].Value), sum);
        Assert.Equal(model.Cost().TotalParameters, sum);
        string[] table = [.. summary.Split('\n').Where(line => line.Length > 0 && "┏┃┡│├└".Contains(line[0], StringComparison.Ordinal))];
        Assert.Single(table.Select(line => line.Length).Distinct());
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"│\s+([\d,]+) │$", RegexOptions.Multiline)]
    private static partial Regex ParameterCell();

    [GeneratedRegex(@"Total params: ([\d,]+)")]
    private static partial Regex TotalLine();
}
