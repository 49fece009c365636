using System.Numerics.Tensors;
using Sepal.Data;
using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Onnx;
using Sepal.Tests.Inference;
using Sepal.Tests.Onnx;
using Xunit;

namespace Sepal.Tests.Documentation;

/// <summary>The programs of docs/inference.md, on a file of PyTorch's exporter.</summary>
public class InferenceExampleTests
{
    [Fact]
    public void Sessions_run_tensors_and_give_inner_values()
    {
        using var session = new InferenceSession(Fixture.Path("mobilenet_v1_025_96"));
        Tensor<float> image = Tensor.CreateFromShape<float>([1, 3, 96, 96]);
        Tensor<float> scores = session.Run(image);
        var inputs = new Dictionary<string, TensorData> { ["input"] = TensorData.Of(image) };

        IReadOnlyDictionary<string, TensorData> values = session.Run(inputs, ["/f/f.0/f.0.0/Conv_output_0", "output"]);

        Assert.Equal("input Float32 (n, 3, 96, 96)", session.Inputs[0].ToString());
        Assert.Equal(4, values["/f/f.0/f.0.0/Conv_output_0"].Shape.Rank);
        Assert.Equal(SessionModels.Numbers(scores), SessionModels.Numbers(session.Run(inputs)["output"].ToTensor<float>()));
    }

    [Fact]
    public void Requests_run_batches_in_place()
    {
        using var session = new InferenceSession(Fixture.Path("mobilenet_v1_025_96"));
        using InferenceRequest request = session.CreateRequest(new Dictionary<string, long> { ["n"] = 8 });
        PixelImage picture = ImageFile.Read(PngImage.Encode([.. Enumerable.Range(0, 60 * 40 * 3).Select(index => (byte)(index * 7))], 60, 40), "x.png");
        Tensor<float> prepared = picture.ToTensor(ImagePreprocessing.ImageNet with { Size = 96 }, channelsFirst: true);

        for (int position = 0; position < 8; position++)
        {
            prepared.FlattenTo(request.Input<float>("input").Slice(position * 3 * 96 * 96, 3 * 96 * 96));
        }

        request.Run(TestContext.Current.CancellationToken);

        float[] alone = SessionModels.Numbers(session.Run(prepared, TestContext.Current.CancellationToken));
        Assert.Equal(Enumerable.Repeat(alone, 8).SelectMany(scores => scores), request.Output<float>("output").ToArray());
    }
}
