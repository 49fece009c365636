using Sepal.Graphs;
using Sepal.Inference;
using Sepal.Layers;
using Sepal.Training;
using Xunit;

namespace Sepal.Tests.Training;

/// <summary>A teacher's input is found whatever order its file has the axes in.</summary>
public sealed class TeacherLayoutTests
{
    [Fact]
    public void Colour_images_reach_a_teacher_from_a_file_as_they_reach_one_in_memory()
    {
        using Sequential teacher = [new Input(5, 7, 3), new Conv2D(4, (2, 3)) { Activation = Activations.Relu }, new Flatten(), new Dense(3)];
        teacher.Initialize(3);
        using var stream = new MemoryStream();
        teacher.ExportOnnx(stream);
        stream.Position = 0;
        using var session = new InferenceSession(stream);
        Assert.Equal([3, 5, 7], session.Inputs[0].Shape.Skip(1).Select(dimension => dimension.Value));

        float[] images = [.. Enumerable.Range(0, 2 * 5 * 7 * 3).Select(index => MathF.Sin(index))];
        float[] expected = Logits(new Distillation(teacher), teacher.Graph, images);
        float[] actual = Logits(new Distillation(session), teacher.Graph, images);
        Assert.Equal(6, expected.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    private static float[] Logits(Distillation distillation, Graph student, float[] images)
    {
        using var run = new TeacherRun(distillation, student, batchSize: 2, threads: 1);
        var logits = new float[2 * 3];
        run.Run(images, logits, TestContext.Current.CancellationToken);
        return logits;
    }
}
