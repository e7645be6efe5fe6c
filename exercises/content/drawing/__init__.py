"""Line drawings of exercises from poses: start and end, with an arrow for the movement."""
