"""Streamlit lives only here (and in live's component, pages/, app.py): the frame, the setup column, the session."""
